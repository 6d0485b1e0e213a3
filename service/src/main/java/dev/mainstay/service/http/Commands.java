package dev.mainstay.service.http;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.ErrorView.Problem;
import dev.mainstay.api.StopView;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Words;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.manifest.Manifest;
import dev.mainstay.service.manifest.ManifestReader;
import dev.mainstay.service.manifest.Plan;
import dev.mainstay.service.manifest.Reading;
import dev.mainstay.service.manifest.Spelling;
import dev.mainstay.service.manifest.Variables;
import io.avaje.jsonb.Jsonb;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Answers requests that change something.
final class Commands {
    /// How long a manifest waits for the resource types of a monitor that is just starting.
    private static final Duration TYPES_LIMIT = Duration.ofSeconds(10);

    /// How long a forced deletion waits for what runs to go offline, when the client names no time.
    private static final Duration FORCE_LIMIT = Duration.ofMinutes(1);

    private static final List<String> MANNER = List.of("wait", "dryRun");
    private static final List<String> STATE = List.of("wait", "dryRun", "ignoreLock");
    private static final List<String> DELETION = List.of("wait", "dryRun", "force");

    /// Manifests that are understood at once: one of 1 MiB needs some dozen MiB for a moment.
    private static final Semaphore MANIFESTS = new Semaphore(2);

    private final Surroundings surroundings;
    private final Changes changes;
    private final Actions actions;
    private final Maintaining maintaining;
    private final Properties properties;
    private final Jsonb jsonb;

    Commands(Surroundings surroundings, Changes changes, Jsonb jsonb) {
        this.surroundings = surroundings;
        this.changes = changes;
        this.actions = new Actions(surroundings.cluster(), surroundings.monitors(), changes);
        this.maintaining = new Maintaining(surroundings.cluster(), actions, jsonb);
        this.properties = new Properties(surroundings, actions, jsonb);
        this.jsonb = jsonb;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST /v1/groups/*/online", STATE, call -> group(call, true)),
                Route.of("POST /v1/groups/*/offline", STATE, call -> group(call, false)),
                Route.of("POST /v1/groups/*/restart", STATE, this::restartGroup),
                Route.of("POST /v1/groups/*/reset", MANNER, this::resetGroup),
                Route.of("POST /v1/groups/*/move", List.of("to", "wait", "dryRun", "ignoreLock"), this::move),
                Route.of("POST /v1/groups/*/maintenance", Maintaining.PARAMETERS, maintaining::group),
                Route.of("DELETE /v1/groups/*", DELETION, this::deleteGroup),
                Route.of("POST /v1/resources/*/online", STATE, call -> resource(call, true)),
                Route.of("POST /v1/resources/*/offline", STATE, call -> resource(call, false)),
                Route.of("POST /v1/resources/*/restart", STATE, this::restartResource),
                Route.of("POST /v1/resources/*/reset", MANNER, this::resetResource),
                Route.of("POST /v1/resources/*/maintenance", Maintaining.PARAMETERS, maintaining::resource),
                Route.of("POST /v1/resources/*/properties", List.of("dryRun"), Route.Body.JSON, properties::set),
                Route.of("POST /v1/resources/*/fail", MANNER, this::fail),
                Route.of("DELETE /v1/resources/*", DELETION, this::deleteResource),
                Route.of("POST /v1/apply", List.of("file", "directory", "dryRun"), Route.Body.YAML, this::apply),
                Route.of("POST /v1/cluster/stop", MANNER, this::stopCluster),
                Route.of("POST /v1/types/load", List.of(), call -> loadPlugins()),
                Route.of("POST /v1/node/stop", List.of("keep"), this::stopNode));
    }

    private Reply group(Call call, boolean online) throws InterruptedException {
        var id = Reads.group(state(), call.name()).settings().id();
        var ignoreLock = call.query().flag("ignoreLock");
        return online
                ? act(
                        new Command.OnlineGroup(id, ignoreLock),
                        "bring group '%s' online".formatted(id),
                        Goal.online(id),
                        call)
                : act(
                        new Command.OfflineGroup(id, ignoreLock),
                        "take group '%s' offline".formatted(id),
                        Goal.offline(id),
                        call);
    }

    private Reply restartGroup(Call call) throws InterruptedException {
        var id = Reads.group(state(), call.name()).settings().id();
        var command = new Command.RestartGroup(id, call.query().flag("ignoreLock"));
        return act(command, "restart group '%s'".formatted(id), Goal.restarted(id), call);
    }

    private Reply resource(Call call, boolean online) throws InterruptedException {
        var id = Reads.resource(state(), call.name()).settings().id();
        var ignoreLock = call.query().flag("ignoreLock");
        return online
                ? act(
                        new Command.OnlineResource(id, ignoreLock),
                        "bring resource '%s' online".formatted(id),
                        Goal.online(id),
                        call)
                : act(
                        new Command.OfflineResource(id, ignoreLock),
                        "take resource '%s' offline".formatted(id),
                        Goal.offline(id),
                        call);
    }

    private Reply restartResource(Call call) throws InterruptedException {
        var id = Reads.resource(state(), call.name()).settings().id();
        var command = new Command.RestartResource(id, call.query().flag("ignoreLock"));
        return act(command, "restart resource '%s'".formatted(id), Goal.restarted(id), call);
    }

    private Reply resetGroup(Call call) throws InterruptedException {
        var id = Reads.group(state(), call.name()).settings().id();
        var forgotten = "the failures of group '%s' are forgotten".formatted(id);
        return act(
                new Command.ResetGroup(id),
                "reset group '%s'".formatted(id),
                Goal.settled(id).after(forgotten),
                call);
    }

    private Reply resetResource(Call call) throws InterruptedException {
        var id = Reads.resource(state(), call.name()).settings().id();
        var forgotten = "the failures of resource '%s' are forgotten".formatted(id);
        return act(
                new Command.ResetResource(id),
                "reset resource '%s'".formatted(id),
                Goal.settled(id).after(forgotten),
                call);
    }

    private Reply fail(Call call) throws InterruptedException {
        var resource = Reads.resource(state(), call.name());
        var id = resource.settings().id();
        var goal = Goal.recovered(id, resource.status().observed().attempt());
        return act(new Command.FailResource(id), "treat resource '%s' as failed".formatted(id), goal, call);
    }

    private Reply move(Call call) throws InterruptedException {
        var id = Reads.group(state(), call.name()).settings().id();
        var nodes = state().nodes().keySet().stream().map(NodeId::value).toList();
        var name = call.query()
                .text("to")
                .orElseThrow(() -> Query.bad(
                        "move group '%s': no target is given".formatted(id),
                        "Add the parameter 'to': %s.".formatted(String.join(", ", nodes))));
        if (!Names.isName(name) || state().node(new NodeId(name)).isEmpty()) {
            throw new ClusterException(
                    ErrorCode.NO_SUCH_NODE,
                    "move group '%s' to '%s': no node has this name".formatted(id, name),
                    Spelling.advice(name, nodes));
        }
        var target = new NodeId(name);
        return act(
                new Command.MoveGroup(id, target, call.query().flag("ignoreLock")),
                "move group '%s' to node '%s'".formatted(id, target),
                Goal.moved(id, target),
                call);
    }

    private Reply deleteGroup(Call call) throws InterruptedException {
        var id = Reads.group(state(), call.name()).settings().id();
        if (call.query().flag("force") && call.query().flag("dryRun")) {
            return act(
                    new Command.OfflineGroup(id, false),
                    "take group '%s' offline to delete it".formatted(id),
                    Goal.offline(id),
                    call);
        }
        if (call.query().flag("force")) {
            first(
                    new Command.OfflineGroup(id, false),
                    "take group '%s' offline to delete it".formatted(id),
                    Goal.offline(id),
                    call);
        }
        return act(
                new Command.Configure(List.of(new Change.DeleteGroup(id)), call.configRevision()),
                "delete group '%s'".formatted(id),
                Goal.reached("group '%s' is deleted".formatted(id)),
                call);
    }

    private Reply deleteResource(Call call) throws InterruptedException {
        var id = Reads.resource(state(), call.name()).settings().id();
        if (call.query().flag("force") && call.query().flag("dryRun")) {
            return act(
                    new Command.OfflineResource(id, false),
                    "take resource '%s' offline to delete it".formatted(id),
                    Goal.offline(id),
                    call);
        }
        if (call.query().flag("force")) {
            first(
                    new Command.OfflineResource(id, false),
                    "take resource '%s' offline to delete it".formatted(id),
                    Goal.offline(id),
                    call);
        }
        return act(
                new Command.Configure(List.of(new Change.DeleteResource(id)), call.configRevision()),
                "delete resource '%s'".formatted(id),
                Goal.reached("resource '%s' is deleted".formatted(id)),
                call);
    }

    private void first(Command command, String text, Goal goal, Call call) throws InterruptedException {
        var wait = call.query().wait("wait");
        var manner = call.manner().before(wait.isZero() ? FORCE_LIMIT : wait);
        var view = actions.act(command, text, goal, manner);
        if (!view.outcome().equals("done")) {
            throw new ClusterException(
                    ErrorCode.TIMED_OUT,
                    "%s: %s".formatted(text, view.message()),
                    "It goes offline further; delete it when it is offline, or give a longer 'wait'.");
        }
    }

    private Reply apply(Call call) throws InterruptedException {
        var file = call.query().text("file").orElse("manifest");
        var directory = call.query().text("directory").orElse("");
        if (!directory.isEmpty() && (!directory.startsWith("/") || directory.indexOf('\0') >= 0)) {
            throw Query.bad("the parameter 'directory' is '%s'".formatted(directory), "Give an absolute path.");
        }
        var body = call.body().get();
        var manifest = read(file, directory, body);
        var before = state();
        var checked = PlanCheck.of(
                Plan.of(manifest, before, surroundings.types().get()),
                surroundings,
                before,
                (id, message, advice) ->
                        new Problem(file, ManifestReader.lineOf(id.value(), body), 1, message, advice));
        if (!checked.problems().isEmpty()) {
            throw refused(file, checked.problems());
        }
        var plan = checked.plan();
        var dryRun = call.query().flag("dryRun");
        var manner = call.manner(Duration.ZERO);
        call.requireConfigRevision(plan.configRevision());
        var reached = plan.configRevision();
        if (!plan.changes().isEmpty()) {
            var done = actions.decide(plan.command(), "apply manifest '%s'".formatted(file), manner);
            if (!dryRun && !done.events().isEmpty()) {
                // The entry that changes the configuration gives it its own revision.
                reached = done.revision();
                actions.awaitRevision(reached);
            }
        }
        return new Reply.Json(200, jsonb.toJson(dryRun ? plan.view() : plan.applied(reached)));
    }

    private Manifest read(String file, String directory, byte[] body) throws InterruptedException {
        changes.await(() -> !surroundings.types().get().isEmpty(), TYPES_LIMIT);
        var types = surroundings.types().get();
        if (types.isEmpty()) {
            throw new ClusterException(
                    ErrorCode.BUSY,
                    "apply '%s': the resource monitor of node '%s' is not ready, so no resource type is known"
                            .formatted(file, surroundings.node()),
                    "Repeat it in a moment; if this stays, look at the log of the cluster service.");
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var variables = directory.isEmpty()
                ? Map.of(Variables.JAVA, java)
                : Map.of(Variables.JAVA, java, Variables.DIRECTORY, directory);
        return switch (understood(file, body, types, variables)) {
            case Reading.Good good -> good.manifest();
            case Reading.Broken broken -> throw refused(file, broken.problems());
        };
    }

    private static ClusterException refused(String file, List<Problem> problems) {
        return new ClusterException(
                ErrorCode.BAD_INPUT,
                "apply '%s': %d %s".formatted(file, problems.size(), problems.size() == 1 ? "problem" : "problems"),
                "Nothing was changed. Mend the manifest and repeat.",
                problems);
    }

    private static Reading understood(
            String file, byte[] body, Map<String, TypeSpec> types, Map<String, String> variables)
            throws InterruptedException {
        MANIFESTS.acquire();
        try {
            return ManifestReader.read(file, body, types, variables);
        } finally {
            MANIFESTS.release();
        }
    }

    private Reply stopCluster(Call call) throws InterruptedException {
        Goal stopped = state -> {
            var running = state.resources().values().stream()
                    .filter(resource -> !resource.status().observed().state().atRest())
                    .count();
            return new Goal.Progress(
                    running == 0 ? Goal.Outcome.DONE : Goal.Outcome.PENDING,
                    running == 0 ? "nothing runs any more" : "%d resources still run".formatted(running));
        };
        return act(new Command.StopCluster(), "stop the cluster", stopped, call);
    }

    private Reply loadPlugins() {
        surroundings.loadPlugins().run();
        var message = "the monitors of node '%s' look for plugins again; mainstay type list shows what they find"
                .formatted(surroundings.node());
        return answer(new ActionView("done", message, state().revision()));
    }

    private Reply stopNode(Call call) {
        boolean keep = call.query().flag("keep");
        var hold = surroundings.stop().begin(keep, call.manner().user());
        var message = keep
                ? "the cluster service of node '%s' ends; monitors keep the resources for %s: start it again before that"
                        .formatted(surroundings.node(), Words.of(hold))
                : "node '%s' takes its resources offline, except what is in maintenance, and ends"
                        .formatted(surroundings.node());
        var self = ProcessHandle.current();
        var started = self.info().startInstant().map(Instant::toString).orElse("");
        return new Reply.Json(
                202, jsonb.toJson(new StopView("pending", message, state().revision(), self.pid(), started)));
    }

    private Reply act(Command command, String text, Goal goal, Call call) throws InterruptedException {
        return answer(actions.act(command, text, goal, call.manner()));
    }

    private Reply answer(ActionView view) {
        return new Reply.Json(view.outcome().equals("pending") ? 202 : 200, jsonb.toJson(view));
    }

    private ClusterState state() {
        return surroundings.cluster().state();
    }
}
