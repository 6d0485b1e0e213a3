package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.Maintenance;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import java.time.Instant;
import java.util.LinkedHashSet;

/// Work on resources: while it lasts, reports are noted and nothing follows from them.
///
/// What operators command is done as ever. When it ends, what is so then is decided upon.
final class MaintenancePolicy {
    private MaintenancePolicy() {}

    static Decision maintain(ClusterState state, Command.Maintain maintain, Instant now) {
        var draft = new Draft(state);
        var ended = new LinkedHashSet<GroupId>();
        for (var id : maintain.resources()) {
            var found = state.resource(id);
            if (found.isEmpty()) {
                return Refusals.noSuchResource(state, id);
            }
            if (maintain.on()) {
                begin(draft, found.get(), maintain);
            } else if (found.get().status().maintenance().on()) {
                end(draft, id, maintain, now);
                ended.add(found.get().settings().group());
            }
        }
        ended.forEach(group -> ConditionPolicy.reconsider(draft, group, now));
        return draft.accepted();
    }

    private static void begin(Draft draft, Resource resource, Command.Maintain maintain) {
        var id = resource.settings().id();
        var status = resource.status();
        var before = status.maintenance();
        if (before.on() && before.reason().equals(maintain.reason())) {
            return;
        }
        var since = before.on() ? before.since() : maintain.at();
        var spent = before.on() ? before.spent() : status.attempt();
        var maintenance = new Maintenance(
                true,
                maintain.reason(),
                maintain.by(),
                since,
                spent,
                draft.state().revision() + 1);
        draft.add(new Event.MaintenanceBegan(
                id,
                maintenance,
                new Reason(
                        Rule.MAINTENANCE,
                        "%s put %s in maintenance%s"
                                .formatted(
                                        maintain.by(),
                                        id,
                                        maintain.reason().isEmpty() ? "" : ": " + maintain.reason()))));
    }

    private static void end(Draft draft, ResourceId id, Command.Maintain maintain, Instant now) {
        draft.add(new Event.MaintenanceEnded(
                id,
                new Reason(
                        Rule.MAINTENANCE,
                        "%s ended the maintenance of %s: what is so now is decided upon"
                                .formatted(maintain.by(), id))));
        var resource = draft.state().resource(id).orElseThrow();
        if (NodePolicy.failedUndecided(resource)) {
            RecoveryPolicy.onFailure(draft, id, now, false);
        } else {
            ConditionPolicy.decide(draft, id, now);
        }
    }
}
