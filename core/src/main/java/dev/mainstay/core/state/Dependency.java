package dev.mainstay.core.state;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What must be online before a resource may be: a conjunction of alternatives.
///
/// @param all each element must be satisfied; an element is satisfied by any of its resources
public record Dependency(List<AnyOf> all) {
    /// No dependency.
    public static final Dependency NONE = new Dependency(List.of());

    /// Alternatives, of which one suffices.
    public record AnyOf(List<ResourceId> any) {
        /// Copies the list.
        public AnyOf {
            any = List.copyOf(any);
            Check.state(!any.isEmpty(), "an alternative of a dependency names no resource");
        }
    }

    /// Copies the list.
    public Dependency {
        all = List.copyOf(all);
    }

    /// Whether the resources for which `online` holds suffice.
    public boolean satisfiedBy(Predicate<ResourceId> online) {
        return all.stream().allMatch(one -> one.any().stream().anyMatch(online));
    }

    /// Every resource named.
    public SortedSet<ResourceId> providers() {
        var providers = new TreeSet<ResourceId>();
        all.forEach(one -> providers.addAll(one.any()));
        return providers;
    }

    /// As written in a manifest: `a and (b or c)`; empty for none.
    @Override
    public String toString() {
        var parts = all.stream()
                .map(one -> {
                    var names = one.any().stream().map(ResourceId::value).toList();
                    return names.size() == 1 || all.size() == 1
                            ? String.join(" or ", names)
                            : "(" + String.join(" or ", names) + ")";
                })
                .toList();
        return String.join(" and ", parts);
    }
}
