package dev.mainstay.spi;

import java.util.List;
import java.util.Set;

/// What a type can do and needs beyond the plain entry points.
///
/// @param resourceClass what its resources are for others, such as `storage` or `network`; empty for none
/// @param characteristics what the cluster has to respect
/// @param requiredDependencies classes or type names, each of which must be among the providers of a resource
/// @param controls controls of the type's own
public record Abilities(
        String resourceClass,
        Set<Characteristic> characteristics,
        List<String> requiredDependencies,
        List<ControlDescription> controls) {
    /// Nothing beyond the entry points.
    public static final Abilities NONE = new Abilities("", Set.of(), List.of(), List.of());

    /// Copies the collections.
    public Abilities {
        characteristics = Set.copyOf(characteristics);
        requiredDependencies = List.copyOf(requiredDependencies);
        controls = List.copyOf(controls);
    }

    /// Something that the cluster has to respect.
    public enum Characteristic {
        /// Its resources are [QuorumCapable].
        QUORUM_CAPABLE,
        /// Control `delete` is sent on every node, not on the owner alone.
        DELETE_REQUIRES_ALL_NODES,
        /// Control `state-change-reason` is wanted before offline and terminate.
        REQUIRES_STATE_CHANGE_REASON,
        /// It is asked before its node is drained.
        VETO_DRAIN
    }

    /// These abilities for resources of a class.
    public Abilities ofClass(String name) {
        return new Abilities(name, characteristics, requiredDependencies, controls);
    }

    /// These abilities with characteristics.
    public Abilities being(Characteristic... what) {
        return new Abilities(resourceClass, Set.of(what), requiredDependencies, controls);
    }

    /// These abilities with required dependencies.
    public Abilities requiring(String... classesOrTypes) {
        return new Abilities(resourceClass, characteristics, List.of(classesOrTypes), controls);
    }

    /// These abilities with controls of the type's own.
    public Abilities answering(ControlDescription... own) {
        return new Abilities(resourceClass, characteristics, requiredDependencies, List.of(own));
    }
}
