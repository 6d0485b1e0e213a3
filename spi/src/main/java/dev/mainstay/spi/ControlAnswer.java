package dev.mainstay.spi;

import java.util.List;
import java.util.Map;

/// What a type answers to a control.
public sealed interface ControlAnswer {
    /// It was done.
    ///
    /// @param output one value for plain kinds, several for a list, `name=value` each for a map
    record Done(Map<String, List<String>> output) implements ControlAnswer {
        /// Copies the map.
        public Done {
            output = Map.copyOf(output);
        }
    }

    /// The type leaves it to the monitor's default processing; it may have done work of its own before.
    record NotSupported() implements ControlAnswer {}

    /// A worker handed to [ControlRequest#pending] goes on; its answer is the answer.
    record Pending() implements ControlAnswer {}

    /// It was done and there is nothing to tell.
    static ControlAnswer done() {
        return new Done(Map.of());
    }

    /// It was done, with this output.
    static ControlAnswer done(Map<String, List<String>> output) {
        return new Done(output);
    }

    /// The monitor's default processing shall answer.
    static ControlAnswer notSupported() {
        return new NotSupported();
    }
}
