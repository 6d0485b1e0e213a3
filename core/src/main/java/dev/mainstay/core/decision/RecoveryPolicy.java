package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What follows when a resource fails: restart in place, failover, a later retry, or nothing.
final class RecoveryPolicy {
    private RecoveryPolicy() {}

    /// Decides about a resource whose current attempt has failed; nothing while somebody works on it.
    static void onFailure(Draft draft, ResourceId id, Instant now) {
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
        } else if (counted.size() < policy.threshold()) {
            restart(draft, resource, counted, now, owner.value());
        } else if (policy.action() == Action.RESTART_THEN_FAILOVER) {
            var group = draft.state().group(resource.settings().group()).orElseThrow();
            var stays = draft.stay(group.settings().id(), () -> MovePolicy.failOver(draft, group, id, now));
            if (stays.isPresent()) {
                var why = stays.get();
                stayFailed(
                        draft,
                        id,
                        policy,
                        now,
                        new Reason(why.rule(), thresholdReached(id, policy) + ", and " + why.text()));
            }
        } else {
            stayFailed(
                    draft, id, policy, now, new Reason(Rule.RESTART_THRESHOLD_REACHED, thresholdReached(id, policy)));
        }
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
                    counted.add(now);
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
                                    "%s stayed failed for its retry period (%s): one more attempt, counters start anew"
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

    private static void stayFailed(Draft draft, ResourceId id, RestartPolicy policy, Instant now, Reason why) {
        if (policy.retryPeriod().isZero()) {
            draft.add(new Event.ResourceGivenUp(id, why));
        } else {
            draft.add(new Event.RetryScheduled(
                    id,
                    now.plus(policy.retryPeriod()),
                    new Reason(why.rule(), why.text() + "; next attempt after " + Words.of(policy.retryPeriod()))));
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
