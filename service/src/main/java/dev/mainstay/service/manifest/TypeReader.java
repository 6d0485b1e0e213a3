package dev.mainstay.service.manifest;

import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.protocol.TypeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads what a manifest sets for one resource type.
final class TypeReader {
    static final List<String> KEYS = List.of(
            "monitor",
            "memory",
            "cpu",
            "isolation",
            "looksAliveInterval",
            "isAliveInterval",
            "pendingTimeout",
            "deadlockTimeout");

    /// Which monitor hosts the resources of a type.
    static final List<String> MONITORS = List.of("shared", "type", "group", "separate");

    /// Less heap than this and a monitor cannot start.
    static final long LEAST_MEMORY = 16L << 20;

    static final long MOST_MEMORY = 64L << 30;

    /// The share of a hundred processors; no machine of this size is tested.
    static final int MOST_CPU = 10_000;

    private static final Pattern PERCENT = Pattern.compile("([1-9][0-9]{0,8})%");

    private final Map<String, TypeSpec> types;
    private final Problems problems;

    TypeReader(Map<String, TypeSpec> types, Problems problems) {
        this.types = types;
        this.problems = problems;
    }

    Optional<TypeSettings> type(String name, Section.Entry entry) {
        if (!types.containsKey(name)) {
            problems.at(
                    entry.key(), "'%s' is not a resource type".formatted(name), Spelling.advice(name, types.keySet()));
            return Optional.empty();
        }
        return Section.of(entry.value(), "type '%s'".formatted(name), problems)
                .map(section -> settings(new TypeName(name), section.only(KEYS)));
    }

    private TypeSettings settings(TypeName type, Section section) {
        return new TypeSettings(
                type,
                section.choice("monitor", MONITORS, MonitorChoice.class).orElse(MonitorChoice.SHARED),
                section.quantity("memory", Quantity.SIZE, LEAST_MEMORY, MOST_MEMORY, Quantity::size),
                percent(section),
                section.duration("isolation", Duration.ofSeconds(1), Duration.ZERO),
                GroupReader.timing(section));
    }

    private int percent(Section section) {
        return section.node("cpu")
                .flatMap(node -> Section.scalar(node, section.label("cpu"), "a share such as 50%", problems)
                        .flatMap(text -> {
                            var written = PERCENT.matcher(text);
                            if (written.matches() && Integer.parseInt(written.group(1)) <= MOST_CPU) {
                                return Optional.of(Integer.parseInt(written.group(1)));
                            }
                            problems.at(
                                    node,
                                    "%s is '%s'".formatted(section.label("cpu"), text),
                                    "Write a share of one processor from 1%% to %d%%, such as 50%%."
                                            .formatted(MOST_CPU));
                            return Optional.empty();
                        }))
                .orElse(0);
    }
}
