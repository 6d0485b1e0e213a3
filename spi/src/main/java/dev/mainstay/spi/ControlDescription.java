package dev.mainstay.spi;

import java.util.List;

/// A control as data: what it is called, what it takes and what it gives.
///
/// @param code its name, lower case with dashes
/// @param object what it is addressed to
/// @param access whether it changes anything
/// @param origin who may send it
/// @param input what it takes
/// @param output what it answers
/// @param help what it does, for an operator
public record ControlDescription(
        String code,
        Target object,
        Access access,
        Origin origin,
        List<PropertyDescription> input,
        List<PropertyDescription> output,
        String help) {
    /// What a control is addressed to.
    public enum Target {
        /// One resource.
        RESOURCE,
        /// The type, in one monitor.
        TYPE
    }

    /// Whether a control changes anything.
    public enum Access {
        /// It only tells.
        READ,
        /// It changes something; asking for it needs the right to configure.
        WRITE
    }

    /// Who may send a control.
    public enum Origin {
        /// Operators and programs too.
        EXTERNAL,
        /// Only the cluster service or the monitor: a notice.
        INTERNAL
    }

    /// Copies the lists.
    public ControlDescription {
        input = List.copyOf(input);
        output = List.copyOf(output);
    }

    /// A control for operators that a type declares for its resources.
    public static ControlDescription ofResource(String code, Access access, String help) {
        return new ControlDescription(code, Target.RESOURCE, access, Origin.EXTERNAL, List.of(), List.of(), help);
    }

    /// A control for operators that a type declares for itself.
    public static ControlDescription ofType(String code, Access access, String help) {
        return new ControlDescription(code, Target.TYPE, access, Origin.EXTERNAL, List.of(), List.of(), help);
    }

    /// This control with its input.
    public ControlDescription taking(PropertyDescription... what) {
        return new ControlDescription(code, object, access, origin, List.of(what), output, help);
    }

    /// This control with its output.
    public ControlDescription answering(PropertyDescription... what) {
        return new ControlDescription(code, object, access, origin, input, List.of(what), help);
    }
}
