package dev.mainstay.types.ocf;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What an agent says of itself.
record Metadata(List<Parameter> parameters, List<Action> actions) {
    /// For actions without advice: what the field takes when nothing else is said.
    ///
    /// **Source:** Pacemaker's default of an operation's timeout.
    private static final Duration UNADVISED = Duration.ofSeconds(20);

    private static final String MONITOR = "monitor";

    /// Copies the lists.
    Metadata {
        parameters = List.copyOf(parameters);
        actions = List.copyOf(actions);
    }

    /// What may be set.
    ///
    /// @param type as written: `string`, `integer`, `boolean`, `select` and so on
    /// @param unique whether no two resources of the agent may have the same value
    /// @param defaultValue empty for none
    /// @param options what may be chosen when the type is `select`
    record Parameter(
            String name,
            String type,
            boolean required,
            boolean unique,
            boolean deprecated,
            String defaultValue,
            List<String> options,
            String help) {
        /// Copies the list.
        Parameter {
            options = List.copyOf(options);
        }
    }

    /// What may be done.
    ///
    /// @param timeout the shortest time limit the agent's author advises; zero for no advice
    /// @param depth the check level, for monitor
    record Action(String name, Duration timeout, int depth) {}

    Optional<Parameter> parameter(String name) {
        return parameters.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    boolean advertises(String action) {
        return actions.stream().anyMatch(one -> one.name().equals(action));
    }

    /// The longest time advised for the action.
    Duration advised(String action) {
        return advised(action, 0);
    }

    /// The longest time advised for a check of that level, or of a shallower one.
    Duration advisedForCheck(int level) {
        return advised(MONITOR, level);
    }

    private Duration advised(String action, int depth) {
        return actions.stream()
                .filter(one -> one.name().equals(action) && one.depth() <= depth)
                .map(Action::timeout)
                .filter(Duration::isPositive)
                .max(Comparator.naturalOrder())
                .orElse(UNADVISED);
    }

    /// The check levels, deepest first; 0 is always the last.
    List<Integer> levels() {
        return IntStream.concat(
                        IntStream.of(0),
                        actions.stream()
                                .filter(one -> one.name().equals(MONITOR))
                                .mapToInt(Action::depth))
                .distinct()
                .boxed()
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
