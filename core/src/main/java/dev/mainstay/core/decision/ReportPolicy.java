package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.Causes;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus.Wanted;
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;

/// What nodes tell of their resources.
final class ReportPolicy {
    private ReportPolicy() {}

    static Decision report(ClusterState state, Command.ReportResources report, Instant now) {
        var draft = new Draft(state);
        var known = state.node(report.node()).map(Node::incarnation).orElse(-1L);
        if (known != report.incarnation()) {
            return draft.accepted();
        }
        var groups = new LinkedHashSet<GroupId>();
        var unlocked = new LinkedHashSet<GroupId>();
        var causes = new Causes(
                state,
                id -> Optional.ofNullable(report.reports().get(id))
                        .or(() -> state.resource(id).map(one -> one.status().observed())));
        report.reports().forEach((id, observed) -> {
            boolean locked = isLocked(draft.state(), id);
            if (one(draft, report.node(), id, observed, causes, now)) {
                groups.add(groupOf(draft.state(), id));
                if (locked && !isLocked(draft.state(), id)) {
                    unlocked.add(groupOf(draft.state(), id));
                }
            }
        });
        // Once for each group: it has to look at all its resources.
        unlocked.forEach(group -> ConditionPolicy.reconsider(draft, group, now));
        groups.forEach(group -> MovePolicy.finish(draft, group));
        return draft.accepted();
    }

    private static boolean isLocked(ClusterState state, ResourceId id) {
        return state.resource(id)
                .filter(one -> !one.status().observed().conditions().locked().isEmpty())
                .isPresent();
    }

    private static GroupId groupOf(ClusterState state, ResourceId id) {
        return state.resource(id).orElseThrow().settings().group();
    }

    /// Whether it was news.
    private static boolean one(Draft draft, NodeId node, ResourceId id, Observed observed, Causes causes, Instant now) {
        var found = draft.state().resource(id);
        if (found.isEmpty() || !isNews(draft.state(), found.get(), node, observed)) {
            return false;
        }
        var status = found.get().status();
        var words = words(id, node, observed);
        var reason = stops(observed.state(), status.observed().state())
                ? stopping(draft.state(), found.get(), causes, words)
                : new Reason(Rule.REPORTED, words);
        if (observed.state() != ResourceState.FAILED) {
            draft.add(new Event.ResourceObserved(id, observed, reason));
            ConditionPolicy.changed(draft, id, status.observed().conditions(), now);
        } else {
            draft.add(new Event.ResourceFailed(id, observed, reason));
            if (observed.attempt() == status.attempt() && status.recovery() instanceof Recovery.None) {
                RecoveryPolicy.onFailure(draft, id, now, status.observed().state() == ResourceState.INITIALIZING);
            }
        }
        restartWhatRests(draft, id);
        return true;
    }

    /// Once it is at rest nothing of the attempt that was to be ended is left: the next one may begin.
    private static void restartWhatRests(Draft draft, ResourceId id) {
        var status = draft.state().resource(id).orElseThrow().status();
        if (status.restarting() && status.observed().state().atRest()) {
            draft.add(new Event.AttemptPermitted(
                    id,
                    status.restarts(),
                    new Reason(Rule.REQUESTED, "%s is at rest: the restart that was asked for goes on".formatted(id))));
        }
    }

    private static boolean isNews(ClusterState state, Resource resource, NodeId node, Observed observed) {
        var owned = state.group(resource.settings().group())
                .filter(group -> group.status().owner().equals(node))
                .isPresent();
        var before = resource.status().observed();
        return owned && (!before.node().equals(node) || observed.sequence() > before.sequence());
    }

    private static boolean stops(ResourceState is, ResourceState was) {
        return is == ResourceState.OFFLINE_PENDING
                || (is == ResourceState.OFFLINE
                        && (was == ResourceState.ONLINE || was == ResourceState.ONLINE_PENDING));
    }

    /// Nobody decides that a resource stops because of what it needs: its node does, when it sees that. What it
    /// saw may come with the same report.
    private static Reason stopping(ClusterState state, Resource resource, Causes causes, String words) {
        if (state.stopping()) {
            return new Reason(Rule.REPORTED, words + ", because the cluster is being stopped");
        }
        var group = state.group(resource.settings().group()).orElseThrow().status();
        if (group.transfer() instanceof Transfer.To to) {
            return new Reason(Rule.REPORTED, "%s, because its group moves to %s".formatted(words, to.target()));
        }
        if (state.node(group.owner())
                .filter(one -> one.state() != Node.State.UP)
                .isPresent()) {
            return new Reason(Rule.REPORTED, "%s, because %s is being stopped".formatted(words, group.owner()));
        }
        if (resource.status().restarting()) {
            return new Reason(Rule.REPORTED, words + ", because it is restarted by command");
        }
        if (!state.wantedOnline(resource)) {
            return new Reason(
                    Rule.REPORTED,
                    words
                            + (resource.status().wanted() == Wanted.OFFLINE
                                    ? ", because it was commanded offline"
                                    : ", because its group was commanded offline"));
        }
        return causes.lacking(resource)
                .map(cause -> new Reason(Rule.PROVIDER, "%s, because %s".formatted(words, cause)))
                .orElseGet(() -> new Reason(Rule.REPORTED, words));
    }

    private static String words(ResourceId id, NodeId node, Observed observed) {
        var text = new StringBuilder("%s is %s on %s".formatted(id, Words.of(observed.state()), node));
        append(text, ": ", observed.detail().isEmpty() ? observed.checkpoint() : observed.detail());
        var conditions = observed.conditions();
        append(text, "; locked: ", conditions.locked());
        append(text, "; failure inside: ", conditions.embeddedFailure());
        append(text, "; network lost: ", conditions.networkLoss());
        append(text, "; noted in maintenance: ", conditions.ignoredFailure());
        return text.toString();
    }

    private static void append(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append(label).append(value);
        }
    }
}
