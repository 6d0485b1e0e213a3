package dev.mainstay.core.decision;

import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.core.state.Words;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Changes of the configuration, all or nothing.
final class ConfigurationPolicy {
    private static final Reason CONFIGURED = new Reason(Rule.CONFIGURED, "the configuration was changed");

    private ConfigurationPolicy() {}

    static Decision register(ClusterState state, Command.RegisterTypes register) {
        var draft = new Draft(state);
        for (var type : register.types()) {
            if (!type.equals(state.types().get(type.name()))) {
                draft.add(new Event.TypeRegistered(
                        type,
                        new Reason(
                                Rule.CONFIGURED,
                                "a resource monitor offers type %s %s".formatted(type.name(), type.version()))));
            }
        }
        return draft.accepted();
    }

    static Decision configure(ClusterState state, Command.Configure configure) {
        if (configure.ifConfigRevision() >= 0 && configure.ifConfigRevision() != state.configRevision()) {
            return Refusals.refuse(
                    Refusal.Code.CONFIGURATION_CHANGED,
                    "the change was planned on configuration revision %d: it is %d now"
                            .formatted(configure.ifConfigRevision(), state.configRevision()),
                    "Look at what changed and plan again.");
        }
        var draft = new Draft(state);
        var members = members(configure.changes());
        var load = Placement.load(state);
        for (var change : configure.changes()) {
            var refusal = switch (change) {
                case Change.PutGroup put -> putGroup(draft, put.settings(), members, load);
                case Change.PutResource put -> putResource(draft, put.settings());
                case Change.PutType put -> putType(draft, put.settings());
                case Change.DeleteGroup delete -> deleteGroup(draft, delete.group());
                case Change.DeleteResource delete -> deleteResource(draft, delete.resource());
            };
            if (refusal.isPresent()) {
                return new Decision.Refused(refusal.get());
            }
        }
        bringNewOnline(draft, state, configure.changes());
        var stuck = leaveForbiddenOwners(draft, state, members.keySet());
        if (stuck.isPresent()) {
            return new Decision.Refused(stuck.get());
        }
        var refusal = dependencies(draft.state(), state);
        return refusal.<Decision>map(Decision.Refused::new).orElseGet(draft::accepted);
    }

    /// A group whose owner is no possible owner of all its resources any more goes to a node that is.
    private static Optional<Refusal> leaveForbiddenOwners(
            Draft draft, ClusterState before, Collection<GroupId> changed) {
        var groups =
                changed.stream().flatMap(id -> draft.state().group(id).stream()).toList();
        for (var group : groups) {
            var id = group.settings().id();
            var owner = group.status().owner();
            var resources = draft.state().resourcesOf(id).stream()
                    .map(Resource::settings)
                    .toList();
            var forbidden = resources.stream()
                    .filter(one -> !Placement.isPossibleOwner(owner, one))
                    .filter(one -> before.resource(one.id())
                            .filter(old -> !Placement.isPossibleOwner(owner, old.settings()))
                            .isEmpty())
                    .findFirst();
            if (forbidden.isPresent() && group.status().transfer() instanceof Transfer.None) {
                var target = Placement.after(draft.state(), group.settings(), resources, owner);
                if (target.isEmpty()) {
                    return Optional.of(nowhereToRun(group, forbidden.get()));
                }
                leave(draft, group, forbidden.get(), target.get());
            }
        }
        return Optional.empty();
    }

    private static Refusal nowhereToRun(Group group, ResourceSettings forbidden) {
        return new Refusal(
                Refusal.Code.NOT_A_POSSIBLE_OWNER,
                "configuring resource '%s' with the possible owners %s: its group '%s' is on node '%s', and no other node is up and a possible owner of all its resources"
                        .formatted(
                                forbidden.id(),
                                Words.list(forbidden.possibleOwners()),
                                group.settings().id(),
                                group.status().owner()),
                "Start one of them, or add '%s' to the possible owners."
                        .formatted(group.status().owner()));
    }

    private static void leave(Draft draft, Group group, ResourceSettings forbidden, NodeId target) {
        var id = group.settings().id();
        draft.add(new Event.GroupMoving(
                id,
                target,
                false,
                group.status().failovers(),
                new Reason(
                        Rule.CONFIGURED,
                        "%s is no possible owner of %s (possible owners: %s): group %s moves to %s"
                                .formatted(
                                        group.status().owner(),
                                        forbidden.id(),
                                        Words.list(forbidden.possibleOwners()),
                                        id,
                                        target))));
        MovePolicy.finish(draft, id);
    }

    /// The resources that are put into each group.
    private static Map<GroupId, List<ResourceSettings>> members(List<Change> changes) {
        var members = new HashMap<GroupId, List<ResourceSettings>>();
        for (var change : changes) {
            if (change instanceof Change.PutResource(var settings)) {
                members.computeIfAbsent(settings.group(), _ -> new ArrayList<>())
                        .add(settings);
            }
        }
        return members;
    }

    private static Optional<Refusal> putGroup(
            Draft draft,
            GroupSettings settings,
            Map<GroupId, List<ResourceSettings>> members,
            Map<NodeId, Integer> load) {
        var before = draft.state().group(settings.id());
        if (before.isPresent()) {
            if (!before.get().settings().equals(settings)) {
                draft.add(new Event.GroupChanged(settings, CONFIGURED));
            }
            return Optional.empty();
        }
        var resources = members.getOrDefault(settings.id(), List.of());
        var owner = Placement.forNewGroup(draft.state(), settings, resources, load);
        if (owner.isEmpty()) {
            return Optional.of(new Refusal(
                    Refusal.Code.NODE_NOT_UP,
                    "adding group '%s': no node is up and a possible owner of all its resources"
                            .formatted(settings.id()),
                    "Start a node, or allow more possible owners; nodes there are: %s."
                            .formatted(Words.list(draft.state().nodes().keySet()))));
        }
        load.merge(owner.get(), 1, Integer::sum);
        draft.add(new Event.GroupAdded(
                settings,
                owner.get(),
                new Reason(
                        Rule.PLACEMENT, "group %s was added and placed on %s".formatted(settings.id(), owner.get()))));
        return Optional.empty();
    }

    private static Optional<Refusal> putType(Draft draft, TypeSettings settings) {
        var state = draft.state();
        if (!state.types().containsKey(settings.type())) {
            return Optional.of(Refusals.noSuchType(state, settings.type()));
        }
        if (!state.typeSettings(settings.type()).equals(settings)) {
            draft.add(new Event.TypeConfigured(settings, CONFIGURED));
        }
        return Optional.empty();
    }

    /// After the resources, which follow their group's persistent state only when they are there.
    private static void bringNewOnline(Draft draft, ClusterState before, List<Change> changes) {
        for (var change : changes) {
            if (change instanceof Change.PutGroup(var settings, var onlineWhenNew)
                    && onlineWhenNew
                    && before.group(settings.id()).isEmpty()) {
                TargetPolicy.want(
                        draft,
                        settings.id(),
                        true,
                        new Reason(
                                Rule.CONFIGURED,
                                "group %s is new and configured to be online".formatted(settings.id())));
            }
        }
    }

    private static Optional<Refusal> putResource(Draft draft, ResourceSettings settings) {
        var state = draft.state();
        if (!state.types().containsKey(settings.type())) {
            return Optional.of(Refusals.noSuchType(state, settings.id(), settings.type()));
        }
        if (state.group(settings.group()).isEmpty()) {
            return Optional.of(new Refusal(
                    Refusal.Code.NO_SUCH_GROUP,
                    "adding resource '%s' to group '%s': there is no such group"
                            .formatted(settings.id(), settings.group()),
                    "Add the group first."));
        }
        var before = state.resource(settings.id()).map(Resource::settings);
        if (before.isEmpty()) {
            draft.add(new Event.ResourceAdded(settings, CONFIGURED));
        } else if (!before.get().group().equals(settings.group())
                || !before.get().type().equals(settings.type())) {
            return Optional.of(new Refusal(
                    Refusal.Code.IDENTITY_CHANGE,
                    "resource '%s' is of type '%s' in group '%s': it cannot become type '%s' in group '%s'"
                            .formatted(
                                    settings.id(),
                                    before.get().type(),
                                    before.get().group(),
                                    settings.type(),
                                    settings.group()),
                    "Delete it first, or use another name."));
        } else if (!before.get().equals(settings)) {
            draft.add(new Event.ResourceChanged(settings, CONFIGURED));
            tryMended(draft, settings.id());
        }
        return Optional.empty();
    }

    /// What waits for its next attempt need not wait longer once its settings are others.
    private static void tryMended(Draft draft, ResourceId id) {
        var status = draft.state().resource(id).orElseThrow().status();
        if (status.recovery() instanceof Recovery.RetryAt) {
            draft.add(new Event.AttemptPermitted(
                    id,
                    List.of(),
                    new Reason(Rule.CONFIGURED, "the settings of %s were changed: one more attempt".formatted(id))));
        }
    }

    private static Optional<Refusal> deleteGroup(Draft draft, GroupId id) {
        var state = draft.state();
        if (state.group(id).isEmpty()) {
            return Optional.of(((Decision.Refused) Refusals.noSuchGroup(state, id)).refusal());
        }
        for (var resource : state.resourcesOf(id)) {
            if (inUse(state, resource)) {
                return Optional.of(new Refusal(
                        Refusal.Code.NOT_OFFLINE,
                        "deleting group '%s': its resource '%s' is %s"
                                .formatted(id, resource.settings().id(), seenAndWanted(state, resource)),
                        "Take the group offline first:  mainstay group offline %s".formatted(id)));
            }
        }
        draft.add(new Event.GroupDeleted(id, CONFIGURED));
        return Optional.empty();
    }

    private static Optional<Refusal> deleteResource(Draft draft, ResourceId id) {
        var state = draft.state();
        var resource = state.resource(id);
        if (resource.isEmpty()) {
            return Optional.of(((Decision.Refused) Refusals.noSuchResource(state, id)).refusal());
        }
        if (inUse(state, resource.get())) {
            return Optional.of(new Refusal(
                    Refusal.Code.NOT_OFFLINE,
                    "deleting resource '%s': it is %s".formatted(id, seenAndWanted(state, resource.get())),
                    "Take it offline first:  mainstay resource offline %s".formatted(id)));
        }
        draft.add(new Event.ResourceDeleted(id, CONFIGURED));
        return Optional.empty();
    }

    private static boolean inUse(ClusterState state, Resource resource) {
        return !resource.status().observed().state().atRest()
                || (state.wantedOnline(resource) && !cannotStart(state, resource));
    }

    /// Whether nothing of it can be on its way to a start: it was given up, or it waits for what was.
    private static boolean cannotStart(ClusterState state, Resource resource) {
        return resource.status().recovery() instanceof Recovery.StayFailed
                || resource.settings().dependency().all().stream()
                        .anyMatch(one -> one.any().stream()
                                .allMatch(provider -> state.resource(provider)
                                        .filter(found -> found.status()
                                                .observed()
                                                .state()
                                                .atRest())
                                        .filter(found -> cannotStart(state, found))
                                        .isPresent()));
    }

    private static String seenAndWanted(ClusterState state, Resource resource) {
        return Words.of(resource.status().observed().state()) + " and wanted "
                + (state.wantedOnline(resource) ? "online" : "offline");
    }

    /// Dependencies are judged on the result, so that one batch may add and remove in any order.
    private static Optional<Refusal> dependencies(ClusterState state, ClusterState before) {
        for (var resource : state.resources().values()) {
            var settings = resource.settings();
            for (var provider : settings.dependency().providers()) {
                var found = state.resource(provider);
                if (found.isEmpty() && before.resource(provider).isPresent()) {
                    return Optional.of(new Refusal(
                            Refusal.Code.STILL_NEEDED,
                            "deleting resource '%s': resource '%s' depends on it".formatted(provider, settings.id()),
                            "Delete '%s' too, or change its dependency first.".formatted(settings.id())));
                }
                if (found.isEmpty() || !found.get().settings().group().equals(settings.group())) {
                    return Optional.of(new Refusal(
                            Refusal.Code.DEPENDENCY_OUTSIDE_GROUP,
                            "resource '%s' depends on '%s': group '%s' has no such resource"
                                    .formatted(settings.id(), provider, settings.group()),
                            "Dependencies stay within a group; put both into one."));
                }
            }
        }
        return cycle(state)
                .map(cycle -> new Refusal(
                        Refusal.Code.DEPENDENCY_CYCLE,
                        "dependencies form a cycle: %s"
                                .formatted(String.join(
                                        " -> ",
                                        cycle.stream().map(ResourceId::value).toList())),
                        "Remove one of these dependencies."));
    }

    /// A cycle, from one of its resources back to it. Each dependency is followed once, and without recursion: a
    /// chain may be as long as there are resources.
    private static Optional<List<ResourceId>> cycle(ClusterState state) {
        var done = new HashSet<ResourceId>();
        var path = new LinkedHashMap<ResourceId, Iterator<ResourceId>>();
        for (var start : state.resources().keySet()) {
            var here = done.contains(start) ? null : start;
            while (here != null) {
                var open = path.computeIfAbsent(here, id -> providersOf(state, id));
                var next = open.hasNext() ? open.next() : null;
                if (next == null) {
                    done.add(here);
                    path.pollLastEntry();
                    here = path.isEmpty() ? null : path.lastEntry().getKey();
                } else if (path.containsKey(next)) {
                    var first = next;
                    return Optional.of(
                            Stream.concat(path.keySet().stream().dropWhile(id -> !id.equals(first)), Stream.of(first))
                                    .toList());
                } else if (!done.contains(next)) {
                    here = next;
                }
            }
        }
        return Optional.empty();
    }

    private static Iterator<ResourceId> providersOf(ClusterState state, ResourceId id) {
        return state.resource(id)
                .orElseThrow()
                .settings()
                .dependency()
                .providers()
                .iterator();
    }
}
