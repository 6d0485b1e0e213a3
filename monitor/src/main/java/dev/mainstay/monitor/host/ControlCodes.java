package dev.mainstay.monitor.host;

import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Origin;
import dev.mainstay.spi.ControlDescription.Target;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.TypeDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which controls there are, and whether one may be asked as it was asked.
final class ControlCodes {
    /// Names that differ by more are no slip of the pen; in letters.
    private static final int NEAR_LETTERS = 3;

    private ControlCodes() {}

    /// What became of a question for a control.
    sealed interface Found {
        /// It may be asked.
        ///
        /// @param input checked, with defaults, for those controls that declare it
        record Known(ControlDescription control, Map<String, List<String>> input) implements Found {}

        /// It may not, or there is none.
        record Refused(ControlResult result) implements Found {}
    }

    static Found find(ToMonitor.Control asked, TypeDescription type) {
        var target = asked.resource().isEmpty() ? Target.TYPE : Target.RESOURCE;
        var standard = one(Controls.all(), asked.code(), target);
        var own = one(type.abilities().controls(), asked.code(), target);
        if (standard.isEmpty() && own.isEmpty()) {
            return new Found.Refused(
                    new ControlResult.NotSupported(what(asked, target) + ": " + unknown(asked.code(), target, type)));
        }
        if (!asked.notice()
                && (standard.filter(ControlCodes::isInternal).isPresent()
                        || own.filter(ControlCodes::isInternal).isPresent())) {
            return new Found.Refused(new ControlResult.Failed(
                    "%s: it is a notice, which only the cluster service itself sends.".formatted(what(asked, target))));
        }
        try {
            return new Found.Known(
                    own.or(() -> standard).orElseThrow(),
                    own.map(control -> checked(control, asked.input())).orElse(asked.input()));
        } catch (IllegalArgumentException e) {
            return new Found.Refused(new ControlResult.Failed(what(asked, target) + ": " + e.getMessage()));
        }
    }

    private static String what(ToMonitor.Control asked, Target target) {
        return "control '%s' of %s".formatted(asked.code(), words(asked, target));
    }

    private static boolean isInternal(ControlDescription control) {
        return control.origin() == Origin.INTERNAL;
    }

    private static String words(ToMonitor.Control asked, Target target) {
        return switch (target) {
            case RESOURCE -> "resource '%s'".formatted(asked.resource());
            case TYPE -> "type '%s'".formatted(asked.type());
        };
    }

    private static Optional<ControlDescription> one(List<ControlDescription> all, String code, Target target) {
        for (var control : all) {
            if (control.object() == target && control.code().equals(code)) {
                return Optional.of(control);
            }
        }
        return Optional.empty();
    }

    private static Map<String, List<String>> checked(ControlDescription control, Map<String, List<String>> input) {
        var values = PropertyValues.ofControl(control, input);
        Map<String, List<String>> all = new HashMap<>(values.all());
        all.values().removeIf(List::isEmpty);
        return all;
    }

    private static String unknown(String code, Target target, TypeDescription type) {
        var other = target == Target.RESOURCE ? Target.TYPE : Target.RESOURCE;
        if (one(Controls.all(), code, other)
                .or(() -> one(type.abilities().controls(), code, other))
                .isPresent()) {
            return other == Target.TYPE
                    ? "it is a control of the type. Ask type '%s' for it.".formatted(type.name())
                    : "it is a control of resources. Ask a resource of the type for it.";
        }
        var codes = codes(Controls.all(), control -> control.object() == target && !isInternal(control));
        var own = codes(type.abilities().controls(), control -> control.object() == target);
        return "there is no such control.%s Type '%s' has %s of its own; the standard ones are %s."
                .formatted(
                        near(code, Stream.concat(own.stream(), codes.stream()))
                                .map(name -> " Did you mean '%s'?".formatted(name))
                                .orElse(""),
                        type.name(),
                        own.isEmpty() ? "none" : String.join(", ", own),
                        String.join(", ", codes));
    }

    private static List<String> codes(List<ControlDescription> all, Predicate<ControlDescription> wanted) {
        return all.stream()
                .filter(wanted)
                .map(ControlDescription::code)
                .sorted()
                .distinct()
                .collect(Collectors.toList());
    }

    private static Optional<String> near(String word, Stream<String> known) {
        return known.filter(name -> distance(word, name) <= Math.min(NEAR_LETTERS, name.length() / 2))
                .min((a, b) -> Integer.compare(distance(word, a), distance(word, b)));
    }

    /// How many letters must be changed, added or left out to get from one word to the other.
    private static int distance(String from, String to) {
        var row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
