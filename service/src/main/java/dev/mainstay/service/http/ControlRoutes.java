package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ControlInput;
import dev.mainstay.api.ControlView;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.service.manifest.Quantity;
import dev.mainstay.service.manifest.Spelling;
import io.avaje.jsonb.Jsonb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers who asks a control: hands it to the monitor that hosts the resource, or to one of the type.
///
/// Which controls there are and who may send them is known to the monitor: it refuses what it does not know, and
/// notices that only the cluster service itself sends.
final class ControlRoutes {
    /// How long to wait when the client names no time: as long as the command waits for other outcomes.
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(1);

    /// The monitor is given so much more, so that one who waits is told that the time is over, not that it failed.
    private static final Duration GRACE = Duration.ofSeconds(1);

    /// The monitor in which types are asked when the client names none.
    private static final String USUAL_MONITOR = "default";

    /// Changes of the quorum device that every type may be asked for; other controls that change something are
    /// declared by their types.
    private static final List<String> STANDARD_CHANGES = List.of("arbitrate", "release");

    private static final Logger LOG = LoggerFactory.getLogger(ControlRoutes.class);

    private final Surroundings surroundings;
    private final Jsonb jsonb;

    ControlRoutes(Surroundings surroundings, Jsonb jsonb) {
        this.surroundings = surroundings;
        this.jsonb = jsonb;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST /v1/resources/*/controls/*", List.of("wait"), Route.Body.JSON, this::ofResource),
                Route.of("POST /v1/types/*/controls/*", List.of("wait", "monitor"), Route.Body.JSON, this::ofType));
    }

    /// One control on its way.
    ///
    /// @param resource empty for a control of the type
    private record Asked(String monitor, String resource, String type, String code) {
        String words() {
            return resource.isEmpty()
                    ? "control '%s' of type '%s'".formatted(code, type)
                    : "control '%s' of resource '%s'".formatted(code, resource);
        }
    }

    private Reply ofResource(Call call) throws InterruptedException {
        var state = surroundings.cluster().state();
        var resource = Reads.resource(state, call.name());
        var name = resource.settings().id().value();
        var code = call.names().getLast();
        var owner = state.group(resource.settings().group())
                .map(group -> group.status().owner())
                .orElse(surroundings.node());
        if (!owner.equals(surroundings.node())) {
            throw elsewhere(name, code, owner);
        }
        var place = surroundings
                .monitors()
                .placeOf(name)
                .orElseThrow(() -> new ClusterException(
                        ErrorCode.FAILED,
                        "control '%s' of resource '%s': no monitor of node '%s' hosts it now"
                                .formatted(code, name, surroundings.node()),
                        "Repeat it in a moment; mainstay monitor list shows which monitors there are."));
        return answer(
                call,
                new Asked(place.monitor(), name, resource.settings().type().value(), code));
    }

    private ClusterException elsewhere(String name, String code, NodeId owner) {
        return new ClusterException(
                ErrorCode.ASK_ANOTHER_NODE,
                "control '%s' of resource '%s': node '%s' owns it, and this is node '%s'"
                        .formatted(code, name, owner, surroundings.node()),
                "Ask on node '%s': mainstay resource control %s %s. Under 'mainstay run' add: --node %s"
                        .formatted(owner, name, code, owner));
    }

    private Reply ofType(Call call) throws InterruptedException {
        var types = surroundings.types().get();
        var name = call.name();
        if (!types.containsKey(name)) {
            throw new ClusterException(
                    ErrorCode.NO_SUCH_TYPE,
                    "type '%s': no such resource type is registered".formatted(name),
                    Spelling.advice(name, types.keySet()));
        }
        var monitor =
                MonitorRoutes.monitor(surroundings, call.query().text("monitor").orElse(USUAL_MONITOR));
        return answer(call, new Asked(monitor.name(), "", name, call.names().getLast()));
    }

    private Reply answer(Call call, Asked asked) throws InterruptedException {
        var wait = call.query().wait("wait");
        var limit = wait.isZero() ? USUAL_LIMIT : wait;
        if (writes(asked)) {
            LOG.info("{} is asked: user={}", asked.words(), call.user());
        }
        var coming = surroundings
                .monitors()
                .ask(
                        asked.monitor(),
                        asked.resource(),
                        asked.type(),
                        asked.code(),
                        input(call, asked),
                        limit.plus(GRACE));
        ControlDone done;
        try {
            done = coming.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new ClusterException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "%s: monitor '%s' has not answered within %s"
                            .formatted(asked.words(), asked.monitor(), Quantity.text(limit)),
                    "It may still be under way: mainstay monitor show %s lists running calls. Give it longer with --wait."
                            .formatted(asked.monitor()));
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a control fails by its result only", bug);
        }
        return switch (done.result()) {
            case DONE -> shown(asked, done.output());
            case NOT_SUPPORTED -> throw refused(ErrorCode.NO_SUCH_CONTROL, done.error(), asked);
            case FAILED -> throw refused(ErrorCode.FAILED, done.error(), asked);
        };
    }

    private boolean writes(Asked asked) {
        var type = surroundings.types().get().get(asked.type());
        var declared = type == null
                ? List.<String>of()
                : type.abilities().controls().stream()
                        .filter(control -> control.writes()
                                && control.ofType() == asked.resource().isEmpty())
                        .map(control -> control.code())
                        .toList();
        return declared.contains(asked.code()) || STANDARD_CHANGES.contains(asked.code());
    }

    private static ClusterException refused(ErrorCode code, String words, Asked asked) {
        var message = words.startsWith("control '") ? words : asked.words() + ": " + words;
        return new ClusterException(
                code, message, "The controls of the type: mainstay type show %s".formatted(asked.type()));
    }

    private Reply shown(Asked asked, Map<String, List<String>> output) {
        var view = new ControlView(
                asked.resource().isEmpty() ? "type" : "resource",
                asked.resource().isEmpty() ? asked.type() : asked.resource(),
                asked.code(),
                surroundings.node().value(),
                asked.monitor(),
                output);
        return new Reply.Json(200, jsonb.toJson(view));
    }

    private Map<String, List<String>> input(Call call, Asked asked) {
        var read = JsonBody.read(
                jsonb, ControlInput.class, call, asked.words(), "{\"input\": {\"keep\": [\"3\"]}}, or nothing");
        return read.input();
    }
}
