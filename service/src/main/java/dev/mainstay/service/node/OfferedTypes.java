package dev.mainstay.service.node;

import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.AbilitySpec;
import dev.mainstay.service.monitors.MonitorName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The resource types of this node, as its monitors offer them.
///
/// All monitors load the same, so the default one, which is always there, says which there are; which version of
/// the contract a type speaks says whichever monitor used it first.
///
/// **Threads:** written by one, read by any.
final class OfferedTypes {
    // Replaced as a whole.
    private volatile Map<String, TypeSpec> types = Map.of();
    private volatile Map<String, List<String>> refused = Map.of();

    /// By name; none until a monitor is connected.
    Map<String, TypeSpec> all() {
        return types;
    }

    /// What a monitor could not load as a type, each with the reason.
    List<String> refused(String monitor) {
        return refused.getOrDefault(monitor, List.of());
    }

    /// A monitor told what it offers; answers whether this is what the node offers.
    boolean told(String monitor, Inventory inventory) {
        var unloadable = new TreeMap<>(refused);
        unloadable.put(monitor, inventory.refused());
        refused = Map.copyOf(unloadable);
        boolean leading = types.isEmpty() || monitor.equals(MonitorName.DEFAULT);
        var index = new TreeMap<String, TypeSpec>();
        (leading ? inventory.types() : types.values()).forEach(spec -> index.put(spec.name(), spec));
        takeVersions(index, leading ? types.values() : inventory.types());
        types = Map.copyOf(index);
        return leading;
    }

    private static void takeVersions(Map<String, TypeSpec> index, Collection<TypeSpec> others) {
        for (var other : others) {
            Optional.ofNullable(index.get(other.name()))
                    .filter(spec -> spec.abilities().spiVersion() == 0
                            && spec.version().equals(other.version())
                            && spec.abilities()
                                    .plugin()
                                    .equals(other.abilities().plugin()))
                    .ifPresent(spec -> index.put(
                            spec.name(), speaking(spec, other.abilities().spiVersion())));
        }
    }

    private static TypeSpec speaking(TypeSpec spec, int spiVersion) {
        var abilities = spec.abilities();
        return new TypeSpec(
                spec.name(),
                spec.version(),
                spec.help(),
                spec.properties(),
                spec.looksAliveMillis(),
                spec.isAliveMillis(),
                spec.pendingTimeoutMillis(),
                spec.deadlockTimeoutMillis(),
                spec.independent(),
                new AbilitySpec(
                        abilities.resourceClass(),
                        abilities.characteristics(),
                        abilities.requiredDependencies(),
                        abilities.controls(),
                        spiVersion,
                        abilities.plugin()));
    }
}
