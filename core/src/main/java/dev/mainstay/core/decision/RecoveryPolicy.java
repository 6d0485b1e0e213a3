package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import dev.mainstay.core.state.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What follows when a resource fails: restart in place, failover, a later retry, or nothing.
final class RecoveryPolicy {
    /// A new cluster service has its monitors look within seconds of its start, on a starved node within minutes.
    private static final Duration CRASH_TOLD_WITHIN = Duration.ofMinutes(5);

    /// What a repetition does not mend, a person may: a missing program is installed, and nobody tells us.
    static final Duration LASTING_RETRY = Duration.ofMinutes(1);

    private RecoveryPolicy() {}

    /// Decides about a resource whose current attempt has failed; nothing while somebody works on it.
    ///
    /// @param found whether nobody saw it fail: a monitor found it so when it looked for the first time
    static void onFailure(Draft draft, ResourceId id, Instant now, boolean found) {
        var resource = draft.state().resource(id).orElseThrow();
        if (!draft.state().mayRun(resource) || resource.status().maintenance().on()) {
            return;
        }
        var policy = resource.settings().restart();
        var counted = countedRestarts(resource, now);
        var owner = draft.state()
                .group(resource.settings().group())
                .orElseThrow()
                .status()
                .owner();
        if (policy.action() == Action.NONE) {
            draft.add(new Event.ResourceGivenUp(
                    id, new Reason(Rule.NO_RESTART, "the restart action of %s is 'none'".formatted(id))));
        } else if (found && isCounted(draft.state(), resource, now)) {
            restartUncounted(draft, resource, counted, now, owner);
        } else if (resource.status().observed().conditions().lasting()) {
            afterLastingFailure(draft, resource, now);
        } else if (counted.size() < policy.threshold()) {
            restart(draft, resource, counted, now, owner.value());
        } else if (policy.action() == Action.RESTART_THEN_FAILOVER) {
            var stays = elsewhere(draft, resource, now, "reached its restart threshold on " + owner);
            if (stays.isPresent()) {
                var why = stays.get();
                stayFailed(
                        draft,
                        id,
                        policy.retryPeriod(),
                        now,
                        new Reason(why.rule(), thresholdReached(id, policy) + ", and " + why.text()));
            }
        } else {
            stayFailed(
                    draft,
                    id,
                    policy.retryPeriod(),
                    now,
                    new Reason(Rule.RESTART_THRESHOLD_REACHED, thresholdReached(id, policy)));
        }
    }

    /// Whether the end of everything that a node ran is counted of another resource of the group already.
    private static boolean isCounted(ClusterState state, Resource resource, Instant now) {
        var group = resource.settings().group();
        var started = state.group(group)
                .flatMap(found -> state.node(found.status().owner()))
                .map(node -> node.boot().time())
                .filter(at -> now.isBefore(at.plus(CRASH_TOLD_WITHIN)));
        return started.isPresent()
                && !isCountedSince(resource, started.get())
                && state.resourcesOf(group).stream()
                        .filter(other -> !other.settings()
                                .id()
                                .equals(resource.settings().id()))
                        .anyMatch(other -> isCountedSince(other, started.get()));
    }

    private static boolean isCountedSince(Resource resource, Instant start) {
        var status = resource.status();
        return status.restarts().stream().anyMatch(at -> !at.isBefore(start))
                || (status.recovery() instanceof Recovery.RestartAt restart
                        && restart.reason().rule() == Rule.RESTART
                        && restart.due().isAfter(start));
    }

    private static void restartUncounted(
            Draft draft, Resource resource, List<Instant> counted, Instant now, NodeId owner) {
        var id = resource.settings().id();
        var delay = resource.settings().restart().delay();
        var text =
                "%s ended with the cluster service of %s and all that it ran: that counts once for group %s, not for %s again"
                        .formatted(id, owner, resource.settings().group(), id);
        if (delay.isZero()) {
            draft.add(new Event.AttemptPermitted(id, counted, new Reason(Rule.CRASH, text)));
        } else {
            draft.add(new Event.RestartScheduled(
                    id, now.plus(delay), new Reason(Rule.CRASH, text + "; restart after " + Words.of(delay))));
        }
    }

    /// A restart here would fail alike: another node has it at once, and otherwise somebody has to mend it.
    private static void afterLastingFailure(Draft draft, Resource resource, Instant now) {
        var id = resource.settings().id();
        var policy = resource.settings().restart();
        var stays = policy.action() == Action.RESTART_THEN_FAILOVER
                ? elsewhere(draft, resource, now, "failed by what no restart mends")
                : Optional.of(new Reason(Rule.LASTING_FAILURE, "its restart action keeps it on this node"));
        if (stays.isPresent()) {
            var text = "no restart mends this failure of %s, and %s; mend it, then: mainstay resource online %s"
                    .formatted(id, stays.get().text(), id);
            var pause = policy.retryPeriod().compareTo(LASTING_RETRY) < 0 ? policy.retryPeriod() : LASTING_RETRY;
            stayFailed(draft, id, pause, now, new Reason(Rule.LASTING_FAILURE, text));
        }
    }

    /// Moves its group to another node, or says why that stays.
    private static Optional<Reason> elsewhere(Draft draft, Resource resource, Instant now, String why) {
        var group = draft.state().group(resource.settings().group()).orElseThrow();
        var failed = "%s %s".formatted(resource.settings().id(), why);
        return draft.stay(group.settings().id(), () -> MovePolicy.failOver(draft, group, failed, now));
    }

    /// Permits what has become due.
    static Decision passDeadlines(ClusterState state, Instant now) {
        var draft = new Draft(state);
        for (var resource : state.resources().values()) {
            if (resource.status().maintenance().on()) {
                continue;
            }
            var id = resource.settings().id();
            switch (resource.status().recovery()) {
                case Recovery.RestartAt restart
                when !restart.due().isAfter(now) -> {
                    var counted = countedRestarts(resource, now);
                    if (restart.reason().rule() != Rule.CRASH) {
                        counted.add(now);
                    }
                    draft.add(new Event.AttemptPermitted(
                            id,
                            counted,
                            new Reason(
                                    Rule.RESTART_DUE,
                                    "the restart delay of %s (%s) is over"
                                            .formatted(
                                                    id,
                                                    Words.of(resource.settings()
                                                            .restart()
                                                            .delay())))));
                }
                case Recovery.RetryAt retry
                when !retry.due().isAfter(now) ->
                    draft.add(new Event.AttemptPermitted(
                            id,
                            List.of(),
                            new Reason(
                                    Rule.RETRY,
                                    retry.reason().rule() == Rule.LASTING_FAILURE
                                            ? "what no restart of %s mends may have been mended: one more attempt"
                                                    .formatted(id)
                                            : "%s stayed failed for its retry period (%s): one more attempt, counters start anew"
                                                    .formatted(
                                                            id,
                                                            Words.of(resource.settings()
                                                                    .restart()
                                                                    .retryPeriod())))));
                case Recovery.RestartAt _, Recovery.RetryAt _, Recovery.None _, Recovery.StayFailed _ -> {}
            }
        }
        return draft.accepted();
    }

    private static void restart(Draft draft, Resource resource, List<Instant> counted, Instant now, String owner) {
        var id = resource.settings().id();
        var policy = resource.settings().restart();
        var text = "restart %d of %d allowed for %s within %s on %s"
                .formatted(counted.size() + 1, policy.threshold(), id, Words.of(policy.period()), owner);
        if (policy.delay().isZero()) {
            counted.add(now);
            draft.add(new Event.AttemptPermitted(id, counted, new Reason(Rule.RESTART, text + ", at once")));
        } else {
            draft.add(new Event.RestartScheduled(
                    id,
                    now.plus(policy.delay()),
                    new Reason(Rule.RESTART, text + ", after %s".formatted(Words.of(policy.delay())))));
        }
    }

    private static void stayFailed(Draft draft, ResourceId id, Duration pause, Instant now, Reason why) {
        if (pause.isZero()) {
            draft.add(new Event.ResourceGivenUp(id, why));
        } else {
            draft.add(new Event.RetryScheduled(
                    id,
                    now.plus(pause),
                    new Reason(why.rule(), why.text() + "; next attempt after " + Words.of(pause))));
        }
    }

    private static String thresholdReached(ResourceId id, RestartPolicy policy) {
        return "%s failed again after %s within %s, its restart threshold"
                .formatted(id, Words.count(policy.threshold(), "restart"), Words.of(policy.period()));
    }

    private static List<Instant> countedRestarts(Resource resource, Instant now) {
        var start = now.minus(resource.settings().restart().period());
        var counted = new ArrayList<Instant>();
        resource.status().restarts().stream().filter(at -> at.isAfter(start)).forEach(counted::add);
        return counted;
    }
}
