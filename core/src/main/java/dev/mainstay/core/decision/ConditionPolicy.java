package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What follows from what holds of an online resource beside its state: a failure inside it, a lost network.
final class ConditionPolicy {
    private ConditionPolicy() {}

    /// Decides upon what is new since the report before.
    static void changed(Draft draft, ResourceId id, Conditions before, Instant now) {
        var resource = draft.state().resource(id).orElseThrow();
        var is = resource.status().observed().conditions();
        if (!is.embeddedFailure().equals(before.embeddedFailure())) {
            embeddedFailure(draft, resource);
        }
        if (!is.networkLoss().equals(before.networkLoss())) {
            networkLoss(draft, resource, now, false);
        }
    }

    /// Something that may have kept a group where a network is lost is over: it moves if it can now.
    static void reconsider(Draft draft, GroupId id, Instant now) {
        for (var resource : draft.state().resourcesOf(id)) {
            networkLoss(draft, draft.state().resource(resource.settings().id()).orElseThrow(), now, true);
        }
    }

    /// Decides upon all that holds.
    static void decide(Draft draft, ResourceId id, Instant now) {
        var resource = draft.state().resource(id).orElseThrow();
        embeddedFailure(draft, resource);
        networkLoss(draft, resource, now, false);
    }

    private static void embeddedFailure(Draft draft, Resource resource) {
        var id = resource.settings().id();
        var observed = resource.status().observed();
        var evidence = observed.conditions().embeddedFailure();
        if (evidence.isEmpty() || !isServing(draft.state(), resource)) {
            return;
        }
        switch (resource.settings().embeddedFailure()) {
            case RECOVER ->
                draft.add(new Event.FailureRequested(
                        id,
                        observed.node(),
                        resource.status().attempt(),
                        new Reason(
                                Rule.EMBEDDED_FAILURE,
                                "a failure inside %s counts as its own: %s".formatted(id, evidence))));
            case LOG ->
                draft.add(new Event.EmbeddedFailureNoted(
                        id,
                        evidence,
                        new Reason(
                                Rule.EMBEDDED_FAILURE,
                                "a failure inside %s is recorded and nothing follows: %s".formatted(id, evidence))));
            case NOTHING -> {}
        }
    }

    /// Online, wanted so, and nobody works on it.
    private static boolean isServing(ClusterState state, Resource resource) {
        return resource.status().observed().state() == ResourceState.ONLINE
                && state.mayRun(resource)
                && !resource.status().maintenance().on();
    }

    /// @param again whether it was told before that the group stays
    private static void networkLoss(Draft draft, Resource resource, Instant now, boolean again) {
        var state = draft.state();
        var evidence = resource.status().observed().conditions().networkLoss();
        if (evidence.isEmpty() || !isServing(state, resource)) {
            return;
        }
        var id = resource.settings().group();
        var group = state.group(id).orElseThrow();
        var owner = group.status().owner();
        var target = target(state, group, now);
        var stays = target.isEmpty() ? Optional.of(nowhere(group, now)) : inTheWay(state, group);
        if (again && stays.isPresent()) {
            return;
        }
        var lost = "a network that %s serves on is gone from %s (%s)"
                .formatted(resource.settings().id(), owner, evidence);
        draft.add(new Event.NetworkLost(
                id,
                owner,
                now,
                new Reason(
                        Rule.NETWORK_LOSS,
                        stays.map(why -> "%s; group %s stays, for %s".formatted(lost, id, why))
                                .orElse(lost))));
        if (stays.isEmpty()) {
            draft.add(new Event.GroupMoving(
                    id,
                    target.orElseThrow(),
                    true,
                    group.status().failovers(),
                    new Reason(
                            Rule.NETWORK_LOSS, "%s: group %s moves to %s".formatted(lost, id, target.orElseThrow()))));
            MovePolicy.finish(draft, id);
        }
    }

    /// The next node that has not lost a network of this group within its failover period: a group does not go to
    /// and fro.
    private static Optional<NodeId> target(ClusterState state, Group group, Instant now) {
        var settings = group.settings();
        var losses = recentLosses(group, now);
        var resources = state.resourcesOf(settings.id()).stream()
                .map(Resource::settings)
                .toList();
        var owner = group.status().owner();
        return Placement.after(state, settings, resources, owner, node -> !losses.containsKey(node));
    }

    private static Map<NodeId, Instant> recentLosses(Group group, Instant now) {
        var losses = new TreeMap<>(group.status().networkLosses());
        losses.values().removeIf(at -> !at.isAfter(now.minus(group.settings().failoverPeriod())));
        losses.remove(group.status().owner());
        return losses;
    }

    private static String nowhere(Group group, Instant now) {
        var losses = recentLosses(group, now);
        return losses.isEmpty()
                ? "no other node is up and a possible owner"
                : "every other node that is up and a possible owner lost one within %s, too (%s)"
                        .formatted(Words.of(group.settings().failoverPeriod()), Words.list(losses.keySet()));
    }

    private static Optional<String> inTheWay(ClusterState state, Group group) {
        var id = group.settings().id();
        return MovePolicy.maintained(state, id)
                .map(Reason::text)
                .or(() -> state.resourcesOf(id).stream()
                        .filter(Locks::isLocked)
                        .findFirst()
                        .map(locked -> "%s is locked (%s)"
                                .formatted(
                                        locked.settings().id(),
                                        locked.status().observed().conditions().locked())));
    }
}
