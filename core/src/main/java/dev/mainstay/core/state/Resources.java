package dev.mainstay.core.state;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The resources of a cluster by their names, and those of each group without looking at all others. It never
/// changes.
@SuppressWarnings("JdkObsolete") // SortedMap suffices: nobody navigates.
final class Resources extends AbstractMap<ResourceId, Resource> implements SortedMap<ResourceId, Resource> {
    private final SharedMap<ResourceId, Resource> all;
    /// Only groups that have a resource.
    private final SharedMap<GroupId, SharedMap<ResourceId, Resource>> members;

    private Resources(
            SharedMap<ResourceId, Resource> all, SharedMap<GroupId, SharedMap<ResourceId, Resource>> members) {
        this.all = all;
        this.members = members;
    }

    /// The resources of a map; the map itself when they are such already.
    static Resources of(SortedMap<ResourceId, Resource> map) {
        if (map instanceof Resources resources) {
            return resources;
        }
        SharedMap<GroupId, SharedMap<ResourceId, Resource>> members = SharedMap.empty();
        for (var resource : map.values()) {
            members = joined(members, resource);
        }
        return new Resources(SharedMap.of(map), members);
    }

    private static SharedMap<GroupId, SharedMap<ResourceId, Resource>> joined(
            SharedMap<GroupId, SharedMap<ResourceId, Resource>> members, Resource resource) {
        var group = resource.settings().group();
        return members.with(group, of(members, group).with(resource.settings().id(), resource));
    }

    private static SharedMap<GroupId, SharedMap<ResourceId, Resource>> left(
            SharedMap<GroupId, SharedMap<ResourceId, Resource>> members, Resource resource) {
        var group = resource.settings().group();
        var others = of(members, group).without(resource.settings().id());
        return others.isEmpty() ? members.without(group) : members.with(group, others);
    }

    private static SharedMap<ResourceId, Resource> of(
            SharedMap<GroupId, SharedMap<ResourceId, Resource>> members, GroupId group) {
        var found = members.get(group);
        return found == null ? SharedMap.empty() : found;
    }

    /// These with one added or replaced.
    Resources with(Resource resource) {
        var id = resource.settings().id();
        var before = all.get(id);
        var others = before == null
                        || before.settings().group().equals(resource.settings().group())
                ? members
                : left(members, before);
        return new Resources(all.with(id, resource), joined(others, resource));
    }

    /// These without one.
    Resources without(ResourceId id) {
        var before = all.get(id);
        return before == null ? this : new Resources(all.without(id), left(members, before));
    }

    /// These without those of a group.
    Resources without(GroupId group) {
        var others = all;
        for (var id : of(members, group).keySet()) {
            others = others.without(id);
        }
        return new Resources(others, members.without(group));
    }

    /// Those of a group, by name.
    Collection<Resource> of(GroupId group) {
        return of(members, group).values();
    }

    /// The groups that have a resource.
    Set<GroupId> groups() {
        return members.keySet();
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public boolean containsKey(@Nullable Object id) {
        return all.containsKey(id);
    }

    @Override
    public @Nullable Resource get(@Nullable Object id) {
        return all.get(id);
    }

    @Override
    public void forEach(BiConsumer<? super ResourceId, ? super Resource> action) {
        all.forEach(action);
    }

    @Override
    public Set<Entry<ResourceId, Resource>> entrySet() {
        return all.entrySet();
    }

    @Override
    public @Nullable Comparator<? super ResourceId> comparator() {
        return null;
    }

    @Override
    public ResourceId firstKey() {
        return all.firstKey();
    }

    @Override
    public ResourceId lastKey() {
        return all.lastKey();
    }

    @Override
    public SortedMap<ResourceId, Resource> subMap(ResourceId from, ResourceId to) {
        return all.subMap(from, to);
    }

    @Override
    public SortedMap<ResourceId, Resource> headMap(ResourceId to) {
        return all.headMap(to);
    }

    @Override
    public SortedMap<ResourceId, Resource> tailMap(ResourceId from) {
        return all.tailMap(from);
    }
}
