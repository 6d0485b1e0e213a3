package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus.Wanted;
import dev.mainstay.core.state.Words;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What operators want online and offline: the persistent state of groups and resources.
final class TargetPolicy {
    private TargetPolicy() {}

    static Decision online(ClusterState state, GroupId id) {
        if (state.group(id).isEmpty()) {
            return Refusals.noSuchGroup(state, id);
        }
        if (state.stopping()) {
            return Refusals.stopping("bringing group '%s' online".formatted(id));
        }
        var draft = new Draft(state);
        var reason = new Reason(Rule.REQUESTED, "group %s was commanded online".formatted(id));
        want(draft, id, true, reason);
        for (var resource : state.resourcesOf(id)) {
            tryAnew(draft, resource.settings().id(), reason);
        }
        return draft.accepted();
    }

    static Decision offline(ClusterState state, GroupId id) {
        if (state.group(id).isEmpty()) {
            return Refusals.noSuchGroup(state, id);
        }
        var draft = new Draft(state);
        want(draft, id, false, new Reason(Rule.REQUESTED, "group %s was commanded offline".formatted(id)));
        return draft.accepted();
    }

    static Decision online(ClusterState state, ResourceId id) {
        var found = state.resource(id);
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, id);
        }
        if (state.stopping()) {
            return Refusals.stopping("bringing resource '%s' online".formatted(id));
        }
        var draft = new Draft(state);
        want(draft, found.get(), true, new Reason(Rule.REQUESTED, "resource %s was commanded online".formatted(id)));
        tryAnew(draft, id, new Reason(Rule.REQUESTED, "resource %s was commanded online".formatted(id)));
        bringProviders(draft, found.get(), new TreeSet<>(List.of(id)));
        return draft.accepted();
    }

    static Decision offline(ClusterState state, ResourceId id) {
        var found = state.resource(id);
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, id);
        }
        var draft = new Draft(state);
        want(draft, found.get(), false, new Reason(Rule.REQUESTED, "resource %s was commanded offline".formatted(id)));
        return draft.accepted();
    }

    static Decision fail(ClusterState state, ResourceId id) {
        var found = state.resource(id);
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, id);
        }
        var observed = found.get().status().observed();
        if (observed.state() != ResourceState.ONLINE) {
            return Refusals.refuse(
                    Refusal.Code.NOT_ONLINE,
                    "cannot fail resource '%s': it is %s".formatted(id, Words.of(observed.state())),
                    "Only an online resource can be failed; look with:  mainstay resource show %s".formatted(id));
        }
        var draft = new Draft(state);
        draft.add(new Event.FailureRequested(
                id,
                observed.node(),
                found.get().status().attempt(),
                new Reason(Rule.REQUESTED, "an operator asked to treat %s as failed".formatted(id))));
        return draft.accepted();
    }

    /// Commands a group's persistent state, unless it and all its resources have it already.
    static void want(Draft draft, GroupId id, boolean online, Reason reason) {
        var group = draft.state().group(id).orElseThrow();
        var asWanted = draft.state().resourcesOf(id).stream()
                .allMatch(resource -> resource.status().wanted() == Wanted.AS_GROUP);
        if (group.status().wantedOnline() != online || !asWanted) {
            draft.add(new Event.GroupWanted(id, online, reason));
        }
    }

    private static void want(Draft draft, Resource resource, boolean online, Reason reason) {
        var group = draft.state().group(resource.settings().group()).orElseThrow();
        var wanted =
                group.status().wantedOnline() == online ? Wanted.AS_GROUP : online ? Wanted.ONLINE : Wanted.OFFLINE;
        if (resource.status().wanted() != wanted) {
            draft.add(new Event.ResourceWanted(resource.settings().id(), wanted, reason));
        }
    }

    /// A provider that nobody wants online would keep the resource waiting for ever.
    private static void bringProviders(Draft draft, Resource resource, Set<ResourceId> seen) {
        for (var alternatives : resource.settings().dependency().all()) {
            var one = alternatives.any().stream()
                    .map(id -> draft.state().resource(id).orElseThrow())
                    .toList();
            var someWanted = one.stream().anyMatch(draft.state()::wantedOnline);
            for (var provider : one) {
                var id = provider.settings().id();
                if (seen.add(id) && (!someWanted || draft.state().wantedOnline(provider))) {
                    var reason = new Reason(
                            Rule.REQUESTED,
                            "%s is needed by %s"
                                    .formatted(id, resource.settings().id()));
                    want(draft, provider, true, reason);
                    tryAnew(draft, id, reason);
                    bringProviders(draft, provider, seen);
                }
            }
        }
    }

    /// An operator's command ends every wait after a failure, and counters start anew.
    private static void tryAnew(Draft draft, ResourceId id, Reason reason) {
        var status = draft.state().resource(id).orElseThrow().status();
        var observed = status.observed();
        // A failure that was taken offline since still tells why it failed: its monitor starts no failed attempt
        // again.
        var failed = observed.attempt() == status.attempt()
                && (observed.state() == ResourceState.FAILED
                        || (observed.state() == ResourceState.OFFLINE
                                && !observed.detail().isEmpty()));
        if (failed || !(status.recovery() instanceof Recovery.None)) {
            draft.add(new Event.AttemptPermitted(id, List.of(), reason));
        }
    }
}
