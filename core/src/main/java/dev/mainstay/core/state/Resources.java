package dev.mainstay.core.state;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The resources of a cluster by their names, and those of each group without looking at all others. It never
/// changes.
@SuppressWarnings("JdkObsolete") // SortedMap suffices: nobody navigates.
final class Resources extends AbstractMap<ResourceId, Resource> implements SortedMap<ResourceId, Resource> {
    private final SharedMap<ResourceId, Resource> all;
    /// The names of those in each group that has one; what changes of a resource later changes nothing here.
    private final SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> members;

    private Resources(
            SharedMap<ResourceId, Resource> all, SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> members) {
        this.all = all;
        this.members = members;
    }

    /// The resources of a map; the map itself when they are such already.
    static Resources of(SortedMap<ResourceId, Resource> map) {
        if (map instanceof Resources resources) {
            return resources;
        }
        SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> members = SharedMap.empty();
        for (var resource : map.values()) {
            members = joined(members, resource);
        }
        return new Resources(SharedMap.of(map), members);
    }

    private static SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> joined(
            SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> members, Resource resource) {
        var group = resource.settings().group();
        var id = resource.settings().id();
        return members.with(group, in(members, group).with(id, id));
    }

    private static SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> left(
            SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> members, Resource resource) {
        var group = resource.settings().group();
        var others = in(members, group).without(resource.settings().id());
        return others.isEmpty() ? members.without(group) : members.with(group, others);
    }

    private static SharedMap<ResourceId, ResourceId> in(
            SharedMap<GroupId, SharedMap<ResourceId, ResourceId>> members, GroupId group) {
        var found = members.get(group);
        return found == null ? SharedMap.empty() : found;
    }

    /// These with one added or replaced.
    Resources with(Resource resource) {
        var id = resource.settings().id();
        var before = all.get(id);
        var after = all.with(id, resource);
        if (before == null) {
            return new Resources(after, joined(members, resource));
        }
        return before.settings().group().equals(resource.settings().group())
                ? new Resources(after, members)
                : new Resources(after, joined(left(members, before), resource));
    }

    /// These without one.
    Resources without(ResourceId id) {
        var before = all.get(id);
        return before == null ? this : new Resources(all.without(id), left(members, before));
    }

    /// These without those of a group.
    Resources without(GroupId group) {
        var others = all;
        for (var id : in(members, group).keySet()) {
            others = others.without(id);
        }
        return new Resources(others, members.without(group));
    }

    /// Those of a group, by name.
    List<Resource> of(GroupId group) {
        var found = new ArrayList<Resource>();
        in(members, group).forEach((id, _) -> Optional.ofNullable(all.get(id)).ifPresent(found::add));
        return found;
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
