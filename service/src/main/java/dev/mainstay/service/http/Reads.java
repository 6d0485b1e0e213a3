package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.EventView;
import dev.mainstay.api.GroupView;
import dev.mainstay.api.ResourceView;
import dev.mainstay.api.TypesView;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.service.manifest.ManifestSchema;
import dev.mainstay.service.manifest.ManifestText;
import dev.mainstay.service.manifest.Spelling;
import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Answers requests that change nothing.
final class Reads {
    private static final int USUAL_FACTS = 100;
    private static final int MOST_FACTS = 1000;

    private final Surroundings surroundings;
    private final Jsonb jsonb;

    Reads(Surroundings surroundings, Jsonb jsonb) {
        this.surroundings = surroundings;
        this.jsonb = jsonb;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET /v1/status", List.of(), call -> status()),
                Route.of("GET /v1/groups", List.of(), call -> groups()),
                Route.of("GET /v1/groups/*", List.of(), call -> json(views().group(group(state(), call.name())))),
                Route.of("GET /v1/resources", List.of(), call -> resources()),
                Route.of(
                        "GET /v1/resources/*",
                        List.of(),
                        call -> json(views().resource(resource(state(), call.name())))),
                Route.of("GET /v1/types", List.of(), call -> types()),
                Route.of("GET /v1/types/*", List.of(), call -> type(call.name())),
                Route.of("GET /v1/why/*", List.of("kind"), this::why),
                Route.of("GET /v1/events", List.of("after", "latest", "limit", "follow"), this::events),
                Route.of("GET /v1/manifest", List.of("group"), this::manifest),
                Route.of("GET /v1/schema", List.of(), call -> schema()));
    }

    private Reply status() {
        var cluster = surroundings.cluster();
        return json(views().status(surroundings.node(), cluster.leader(), cluster.shortage()));
    }

    private Reply groups() {
        var views = views();
        var all = state().groups().values().stream().map(views::group).toList();
        return new Reply.Json(200, jsonb.type(GroupView.class).list().toJson(all));
    }

    private Reply resources() {
        var views = views();
        var state = state();
        var all = state.groups().keySet().stream()
                .flatMap(group -> DependencyOrder.of(state.resourcesOf(group)).stream())
                .map(views::listed)
                .toList();
        return new Reply.Json(200, jsonb.type(ResourceView.class).list().toJson(all));
    }

    private Reply types() {
        var all = new TreeMap<>(surroundings.types().get())
                .values().stream().map(type -> Views.type(type, List.of())).toList();
        var refused = surroundings.monitors().all().stream()
                .flatMap(monitor -> monitor.refusedTypes().stream())
                .distinct()
                .toList();
        return json(new TypesView(all, refused, surroundings.plugins().toString()));
    }

    private Reply type(String name) throws InterruptedException {
        var types = surroundings.types().get();
        var type = types.get(name);
        if (type == null) {
            throw new ClusterException(
                    ErrorCode.NO_SUCH_TYPE,
                    "type '%s': no such resource type is registered".formatted(name),
                    Spelling.advice(name, types.keySet()));
        }
        var calls = surroundings.monitors().measures().stream()
                .flatMap(measured -> Views.measures(measured).calls().stream())
                .filter(call -> call.type().equals(name))
                .toList();
        return json(Views.type(type, calls));
    }

    private Reply schema() {
        return new Reply.Json(
                200, ManifestSchema.json(surroundings.types().get().values()));
    }

    private Reply manifest(Call call) {
        var state = state();
        var name = call.query().text("group");
        name.ifPresent(one -> group(state, one));
        var text = ManifestText.of(
                state,
                surroundings.types().get(),
                group -> name.isEmpty() || group.settings().id().value().equals(name.get()));
        return new Reply.Text("application/yaml; charset=utf-8", text);
    }

    private Reply why(Call call) {
        var kind = call.query().text("kind").orElse("");
        if (!List.of("", "group", "resource").contains(kind)) {
            throw Query.bad(
                    "the parameter 'kind' is '%s'".formatted(kind),
                    Spelling.advice(kind, List.of("group", "resource")));
        }
        var state = state();
        var why = new Why(state, surroundings.journal(), surroundings.monitors(), surroundings.cluster()::wallTimeOf);
        var isGroup = kind.equals("group")
                || (kind.isEmpty() && findGroup(state, call.name()).isPresent());
        if (!isGroup && kind.isEmpty() && findResource(state, call.name()).isEmpty()) {
            var names = Stream.concat(
                            state.groups().keySet().stream().map(GroupId::value),
                            state.resources().keySet().stream().map(ResourceId::value))
                    .toList();
            throw new ClusterException(
                    ErrorCode.NO_SUCH_RESOURCE,
                    "why '%s': no group or resource has this name".formatted(call.name()),
                    Spelling.advice(call.name(), names));
        }
        return json(isGroup ? why.of(group(state, call.name())) : why.of(resource(state, call.name())));
    }

    private Reply events(Call call) {
        var after = call.lastEventId().or(() -> call.query().text("after")).orElse("");
        var limit = call.query().count("limit", USUAL_FACTS, MOST_FACTS);
        if (!after.isEmpty() && !after.equals("now") && !after.matches("[0-9]{1,18}[.][0-9]{1,18}")) {
            throw Query.bad("'%s' is not the id of a fact".formatted(after), "Give the id of a fact received earlier.");
        }
        var start = after.equals("now") ? newest() : after;
        if (call.wantsStream() || call.query().flag("follow")) {
            return new Reply.Stream(start);
        }
        var latest = call.query().flag("latest");
        if (latest && !after.isEmpty()) {
            throw Query.bad("both 'after' and 'latest' are given", "Give one: facts after one, or the latest ones.");
        }
        var facts = latest
                ? surroundings.journal().latest(limit)
                : surroundings.journal().after(start, limit);
        return new Reply.Json(200, jsonb.type(EventView.class).list().toJson(facts));
    }

    private String newest() {
        var latest = surroundings.journal().latest(1);
        return latest.isEmpty() ? "" : latest.getLast().id();
    }

    static Group group(ClusterState state, String name) {
        return findGroup(state, name)
                .orElseThrow(() -> new ClusterException(
                        ErrorCode.NO_SUCH_GROUP,
                        "group '%s': no group has this name".formatted(name),
                        Spelling.advice(
                                name,
                                state.groups().keySet().stream()
                                        .map(GroupId::value)
                                        .toList())));
    }

    static Resource resource(ClusterState state, String name) {
        return findResource(state, name)
                .orElseThrow(() -> new ClusterException(
                        ErrorCode.NO_SUCH_RESOURCE,
                        "resource '%s': no resource has this name".formatted(name),
                        Spelling.advice(
                                name,
                                state.resources().keySet().stream()
                                        .map(ResourceId::value)
                                        .toList())));
    }

    private static Optional<Group> findGroup(ClusterState state, String name) {
        return Names.isName(name) ? state.group(new GroupId(name)) : Optional.empty();
    }

    private static Optional<Resource> findResource(ClusterState state, String name) {
        return Names.isName(name) ? state.resource(new ResourceId(name)) : Optional.empty();
    }

    private ClusterState state() {
        return surroundings.cluster().state();
    }

    private Views views() {
        return new Views(state(), surroundings.monitors(), surroundings.cluster()::wallTimeOf);
    }

    private Reply json(Object view) {
        return new Reply.Json(200, jsonb.toJson(view));
    }
}
