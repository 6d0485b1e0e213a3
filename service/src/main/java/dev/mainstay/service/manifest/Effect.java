package dev.mainstay.service.manifest;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.util.Optional;
import java.util.TreeSet;

/// When changed settings of a resource take effect; the same words wherever settings are changed.
final class Effect {
    private final ClusterState state;
    private final Resource present;
    private final Optional<TypeSpec> type;

    Effect(ClusterState state, Resource present, Optional<TypeSpec> type) {
        this.state = state;
        this.present = present;
        this.type = type;
    }

    /// What a change means for what runs; follows what `Orders` in the core makes of it.
    String of(ResourceSettings after) {
        var before = present.settings();
        if (rests()) {
            return "takes effect at once; nothing of it runs";
        }
        if (!before.dependency().equals(after.dependency())
                && !after.dependency().satisfiedBy(this::isOnline)) {
            return "takes effect at once; it goes offline until what it depends on is online";
        }
        var changed = new TreeSet<String>();
        for (var name : before.properties().keySet()) {
            if (!before.properties().get(name).equals(after.properties().get(name))) {
                changed.add(applies(name));
            }
        }
        after.properties().keySet().stream()
                .filter(name -> !before.properties().containsKey(name))
                .forEach(name -> changed.add(applies(name)));
        if (changed.contains("AFTER_RESTART")) {
            return "takes effect after a restart, which should be soon:  " + restart();
        }
        if (changed.contains("NEXT_ONLINE")
                || !before.timing().equals(after.timing())
                || before.monitor() != after.monitor()) {
            return "takes effect at the next online; what runs goes on as it was started";
        }
        return "takes effect at once, without a restart";
    }

    /// What follows the line of a changed property; empty when nothing of the resource runs.
    String ofProperty(String name) {
        if (rests()) {
            return "";
        }
        return switch (applies(name)) {
            case "AT_ONCE" -> " (at once)";
            case "AFTER_RESTART" -> " (after a restart:  %s)".formatted(restart());
            default -> " (at the next online)";
        };
    }

    private String restart() {
        return "mainstay resource restart " + present.settings().id();
    }

    /// A name of the contract, as types describe their properties.
    private String applies(String property) {
        return type.stream()
                .flatMap(spec -> spec.properties().stream())
                .filter(spec -> spec.name().equals(property))
                .map(PropertySpec::applies)
                .findFirst()
                .orElse("NEXT_ONLINE");
    }

    private boolean rests() {
        return present.status().observed().state().atRest();
    }

    private boolean isOnline(ResourceId id) {
        return state.resource(id)
                .filter(found -> found.status().observed().state() == ResourceState.ONLINE)
                .isPresent();
    }
}
