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
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What operators want online and offline: the persistent state of groups and resources.
final class TargetPolicy {
    private TargetPolicy() {}

    static Decision online(ClusterState state, Command.OnlineGroup online) {
        var id = online.group();
        if (state.group(id).isEmpty()) {
            return Refusals.noSuchGroup(state, id);
        }
        var asked = "bringing group '%s' online".formatted(id);
        var refusal = refusal(state, asked, online.ignoreLock(), state.resourcesOf(id));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var draft = new Draft(state);
        var reason = new Reason(Rule.REQUESTED, "group %s was commanded online".formatted(id));
        want(draft, id, true, reason);
        for (var resource : state.resourcesOf(id)) {
            tryAnew(draft, resource.settings().id(), reason);
        }
        return draft.accepted();
    }

    static Decision offline(ClusterState state, Command.OfflineGroup offline) {
        var id = offline.group();
        if (state.group(id).isEmpty()) {
            return Refusals.noSuchGroup(state, id);
        }
        var asked = "taking group '%s' offline".formatted(id);
        var locked = locked(asked, offline.ignoreLock(), state.resourcesOf(id));
        if (locked.isPresent()) {
            return locked.get();
        }
        var draft = new Draft(state);
        want(draft, id, false, new Reason(Rule.REQUESTED, "group %s was commanded offline".formatted(id)));
        return draft.accepted();
    }

    static Decision restart(ClusterState state, Command.RestartGroup restart) {
        var id = restart.group();
        if (state.group(id).isEmpty()) {
            return Refusals.noSuchGroup(state, id);
        }
        var all = state.resourcesOf(id);
        return restart(state, "restarting group '%s'".formatted(id), restart.ignoreLock(), all, all);
    }

    static Decision online(ClusterState state, Command.OnlineResource online) {
        var id = online.resource();
        var found = state.resource(id);
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, id);
        }
        var asked = "bringing resource '%s' online".formatted(id);
        var refusal = refusal(state, asked, online.ignoreLock(), Locks.withProviders(state, found.get()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var draft = new Draft(state);
        want(draft, found.get(), true, new Reason(Rule.REQUESTED, "resource %s was commanded online".formatted(id)));
        tryAnew(draft, id, new Reason(Rule.REQUESTED, "resource %s was commanded online".formatted(id)));
        bringProviders(draft, found.get());
        return draft.accepted();
    }

    static Decision offline(ClusterState state, Command.OfflineResource offline) {
        var id = offline.resource();
        var found = state.resource(id);
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, id);
        }
        var asked = "taking resource '%s' offline".formatted(id);
        var locked = locked(asked, offline.ignoreLock(), Locks.withDependents(state, found.get()));
        if (locked.isPresent()) {
            return locked.get();
        }
        var draft = new Draft(state);
        want(draft, found.get(), false, new Reason(Rule.REQUESTED, "resource %s was commanded offline".formatted(id)));
        return draft.accepted();
    }

    static Decision restart(ClusterState state, Command.RestartResource restart) {
        var found = state.resource(restart.resource());
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, restart.resource());
        }
        return restart(
                state,
                "restarting resource '%s'".formatted(restart.resource()),
                restart.ignoreLock(),
                List.of(found.get()),
                Locks.withDependents(state, found.get()));
    }

    /// Ends the attempts of what runs; dependents go with their providers and come back after them.
    private static Decision restart(
            ClusterState state, String asked, boolean ignoreLock, List<Resource> these, List<Resource> concerned) {
        var refusal = refusal(state, asked, ignoreLock, concerned);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var draft = new Draft(state);
        var running = these.stream()
                .filter(resource -> state.mayRun(resource)
                        && !resource.status().observed().state().atRest())
                .toList();
        if (running.isEmpty()
                && these.stream().noneMatch(resource -> resource.status().restarting())) {
            return Refusals.refuse(
                    Refusal.Code.NOT_ONLINE,
                    "%s: nothing of it runs that could be restarted".formatted(asked),
                    "Bring it online instead, or look with:  mainstay status");
        }
        for (var resource : running) {
            var id = resource.settings().id();
            draft.add(new Event.RestartRequested(
                    id, new Reason(Rule.REQUESTED, "an operator asked to restart %s".formatted(id))));
        }
        return draft.accepted();
    }

    private static Optional<Decision> refusal(
            ClusterState state, String asked, boolean ignoreLock, List<Resource> concerned) {
        return state.stopping() ? Optional.of(Refusals.stopping(asked)) : locked(asked, ignoreLock, concerned);
    }

    private static Optional<Decision> locked(String asked, boolean ignoreLock, List<Resource> concerned) {
        return ignoreLock ? Optional.empty() : Locks.refuse(asked, concerned);
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
    private static void bringProviders(Draft draft, Resource resource) {
        var seen = new HashSet<>(List.of(resource.settings().id()));
        var open = new ArrayDeque<>(List.of(resource));
        while (!open.isEmpty()) {
            var needing = open.remove();
            for (var alternatives : needing.settings().dependency().all()) {
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
                                        .formatted(id, needing.settings().id()));
                        want(draft, provider, true, reason);
                        tryAnew(draft, id, reason);
                        open.add(provider);
                    }
                }
            }
        }
    }

    /// An operator's command ends every wait after a failure, and counters start anew.
    private static void tryAnew(Draft draft, ResourceId id, Reason reason) {
        var status = draft.state().resource(id).orElseThrow().status();
        var observed = status.observed();
        var failed = observed.attempt() == status.attempt() && observed.state() == ResourceState.FAILED;
        var heldBack = status.heldBack()
                && observed.state() != ResourceState.ONLINE
                && observed.state() != ResourceState.ONLINE_PENDING;
        if (failed || heldBack || !(status.recovery() instanceof Recovery.None)) {
            draft.add(new Event.AttemptPermitted(id, List.of(), reason));
        }
    }
}
