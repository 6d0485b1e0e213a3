package dev.mainstay.service.http;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.MonitorView;
import dev.mainstay.service.manifest.Spelling;
import io.avaje.jsonb.Jsonb;
import java.util.List;

/// Answers requests about the resource monitors of this node.
final class MonitorRoutes {
    private final Surroundings surroundings;
    private final Jsonb jsonb;

    MonitorRoutes(Surroundings surroundings, Jsonb jsonb) {
        this.surroundings = surroundings;
        this.jsonb = jsonb;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET /v1/monitors", List.of(), _ -> all()),
                Route.of("GET /v1/monitors/*", List.of(), call -> one(call.name())),
                Route.of("POST /v1/monitors/*/restart", List.of(), call -> restart(call.name())),
                Route.of("POST /v1/resources/*/debug", List.of("stop"), this::debug));
    }

    private Reply all() {
        return new Reply.Json(
                200,
                jsonb.type(MonitorView.class)
                        .list()
                        .toJson(surroundings.monitors().all()));
    }

    private Reply one(String name) throws InterruptedException {
        var monitor = monitor(name);
        var measured = surroundings.monitors().measures().stream()
                .filter(one -> one.monitor().equals(name))
                .findFirst();
        return json(200, measured.map(one -> monitor.with(Views.measures(one))).orElse(monitor));
    }

    private MonitorView monitor(String name) {
        return monitor(surroundings, name);
    }

    /// The monitor of this name on the node that answers.
    ///
    /// **Errors:** `NO_SUCH_MONITOR`.
    static MonitorView monitor(Surroundings surroundings, String name) {
        var all = surroundings.monitors().all();
        return all.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ClusterException(
                        ErrorCode.NO_SUCH_MONITOR,
                        "monitor '%s': node '%s' has none of this name".formatted(name, surroundings.node()),
                        Spelling.advice(
                                name, all.stream().map(MonitorView::name).toList())));
    }

    private Reply restart(String name) {
        var monitor = monitor(name);
        surroundings.monitors().restart(name);
        return action("monitor '%s' (pid %d) is killed and replaced; the next one adopts what it hosted (%d %s)"
                .formatted(
                        name,
                        monitor.pid(),
                        monitor.resources().size(),
                        monitor.resources().size() == 1 ? "resource" : "resources"));
    }

    private Reply debug(Call call) throws InterruptedException {
        var state = surroundings.cluster().state();
        var resource = Reads.resource(state, call.name());
        var name = resource.settings().id().value();
        boolean begins = !call.query().flag("stop");
        if (!call.mayRunCode()) {
            throw new ClusterException(
                    ErrorCode.NOT_PERMITTED,
                    "debug resource '%s': a debugger can run any code as the user of the cluster service"
                            .formatted(name),
                    "Ask as that user on node '%s' itself, over the socket '%s' beside that of the API."
                            .formatted(surroundings.node(), Client.OWNER_SOCKET));
        }
        var owner = state.group(resource.settings().group())
                .map(group -> group.status().owner())
                .orElse(surroundings.node());
        if (!owner.equals(surroundings.node())) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "debug resource '%s': node '%s' owns it, and this is node '%s'"
                            .formatted(name, owner, surroundings.node()),
                    "Ask on node '%s'.".formatted(owner));
        }
        var outcome = surroundings.monitors().debug(name, begins, "user " + call.user());
        var text = begins
                ? "resource '%s' gets monitor '%s' for a debugger".formatted(name, outcome.monitor())
                : "resource '%s' goes back to monitor '%s'".formatted(name, outcome.monitor());
        var when = outcome.atOnce()
                ? begins ? "at once; its port is shown by: mainstay monitor list" : "at once"
                : "after it has been offline; do that with: mainstay resource offline %s && mainstay resource online %s"
                        .formatted(name, name);
        return action("%s %s".formatted(text, when));
    }

    private Reply action(String message) {
        return json(
                200,
                new ActionView("done", message, surroundings.cluster().state().revision()));
    }

    private Reply json(int status, Object view) {
        return new Reply.Json(status, jsonb.toJson(view));
    }
}
