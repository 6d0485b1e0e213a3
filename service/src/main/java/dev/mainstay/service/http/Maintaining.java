package dev.mainstay.service.http;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.service.control.Cluster;
import io.avaje.jsonb.Jsonb;
import java.time.Instant;
import java.util.List;

/// Answers who begins or ends work on a resource, or on all resources of a group.
final class Maintaining {
    static final List<String> PARAMETERS = List.of("on", "reason", "wait", "dryRun");

    /// A reason is read in a table and in a line of the log.
    private static final int LONGEST_REASON = 200;

    private final Cluster cluster;
    private final Actions actions;
    private final Jsonb jsonb;

    Maintaining(Cluster cluster, Actions actions, Jsonb jsonb) {
        this.cluster = cluster;
        this.actions = actions;
        this.jsonb = jsonb;
    }

    Reply resource(Call call) throws InterruptedException {
        var id = Reads.resource(cluster.state(), call.name()).settings().id();
        return maintain(call, "resource '%s'".formatted(id), List.of(id));
    }

    Reply group(Call call) throws InterruptedException {
        var id = Reads.group(cluster.state(), call.name()).settings().id();
        var resources = cluster.state().resourcesOf(id).stream()
                .map(resource -> resource.settings().id())
                .toList();
        return maintain(call, "group '%s'".formatted(id), resources);
    }

    private Reply maintain(Call call, String what, List<ResourceId> resources) throws InterruptedException {
        var given = call.query()
                .text("on")
                .filter(text -> text.equals("true") || text.equals("false"))
                .orElseThrow(() -> Query.bad(
                        "maintenance of %s: it is not said whether it begins or ends".formatted(what),
                        "Add the parameter 'on': true or false."));
        var on = given.equals("true");
        var reason = Answers.oneLine(call.query().text("reason").orElse(""));
        if (reason.length() > LONGEST_REASON) {
            throw Query.bad(
                    "maintenance of %s: the reason has more than %d characters".formatted(what, LONGEST_REASON),
                    "Shorten it.");
        }
        var command = new Command.Maintain(resources, on, reason, "user " + call.user(), Instant.now());
        var goal = Goal.reached(
                on
                        ? "%s is in maintenance: until it ends the cluster neither starts, stops nor moves it of its own"
                                        .formatted(what)
                                + " accord"
                        : "%s is not in maintenance: what is so now is decided upon".formatted(what));
        var text = "%s maintenance of %s".formatted(on ? "begin" : "end", what);
        return new Reply.Json(200, jsonb.toJson(actions.act(command, text, goal, call.manner())));
    }
}
