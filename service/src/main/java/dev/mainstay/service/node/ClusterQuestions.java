package dev.mainstay.service.node;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.Node.State;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.protocol.ToMonitor.QueryAnswer;
import dev.mainstay.protocol.ToService.Query;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Answers what resource types ask about the cluster.
///
/// Answers hold `state` and `owner` of a resource or a group, or `nodes`, those that are up; always `node`, this
/// one.
///
/// **Threads:** [#answer] from one; an answer that needs the leader comes on another thread.
final class ClusterQuestions {
    private final NodeId self;
    private final long incarnation;
    private final Cluster cluster;
    private long number;

    ClusterQuestions(NodeId self, long incarnation, Cluster cluster) {
        this.self = self;
        this.incarnation = incarnation;
        this.cluster = cluster;
    }

    /// Answers now or, when the leader has to decide, later.
    void answer(Query query, ClusterState state, Consumer<QueryAnswer> reply) {
        switch (query.what()) {
            case "RESOURCE" -> reply.accept(resource(query, state));
            case "GROUP" -> reply.accept(group(query, state));
            case "NODES_UP" -> reply.accept(done(query, Map.of("nodes", nodesUp(state))));
            case "STORE" -> store(query, state, reply);
            default ->
                reply.accept(failed(query, "'%s' cannot be asked of the cluster service".formatted(query.what())));
        }
    }

    private QueryAnswer resource(Query query, ClusterState state) {
        if (!Names.isName(query.name())
                || state.resource(new ResourceId(query.name())).isEmpty()) {
            return failed(query, "there is no resource '%s'".formatted(query.name()));
        }
        var resource = state.resource(new ResourceId(query.name())).orElseThrow();
        var owner = state.group(resource.settings().group())
                .map(group -> group.status().owner().value())
                .orElse("");
        return done(
                query,
                Map.of("state", List.of(words(resource.status().observed().state())), "owner", List.of(owner)));
    }

    private QueryAnswer group(Query query, ClusterState state) {
        if (!Names.isName(query.name())
                || state.group(new GroupId(query.name())).isEmpty()) {
            return failed(query, "there is no group '%s'".formatted(query.name()));
        }
        var group = state.group(new GroupId(query.name())).orElseThrow();
        return done(
                query,
                Map.of(
                        "state",
                        List.of(words(state.stateOf(group.settings().id()))),
                        "owner",
                        List.of(group.status().owner().value())));
    }

    private static List<String> nodesUp(ClusterState state) {
        return state.nodes().values().stream()
                .filter(node -> node.state() == State.UP)
                .map(node -> node.id().value())
                .toList();
    }

    /// A type may change properties of the very resource it is asked about, nothing else.
    private void store(Query query, ClusterState state, Consumer<QueryAnswer> reply) {
        var resource = Names.isName(query.resource()) ? state.resources().get(new ResourceId(query.resource())) : null;
        if (resource == null) {
            reply.accept(failed(query, "there is no resource '%s'".formatted(query.resource())));
            return;
        }
        var text = "store property '%s' of resource '%s'".formatted(query.name(), query.resource());
        number++;
        var request = new Request(
                "%s-%d-store-%d".formatted(self, incarnation, number),
                "resource " + query.resource(),
                text,
                new Command.Configure(List.of(new Change.PutResource(with(resource, query))), -1),
                false);
        var _ = cluster.submit(request)
                .thenAccept(answer -> reply.accept(
                        switch (answer) {
                            case Answer.Done _ -> done(query, Map.of());
                            case Answer.Refused(var refusal) -> failed(query, refusal.message());
                            case Answer.Unavailable unavailable -> failed(query, unavailable.message());
                            case Answer.Unknown(var message) -> failed(query, message);
                        }));
    }

    private static ResourceSettings with(Resource resource, Query query) {
        var properties = new TreeMap<>(resource.settings().properties());
        properties.put(query.name(), query.value());
        return resource.settings().with(properties);
    }

    private QueryAnswer done(Query query, Map<String, List<String>> answer) {
        var all = new TreeMap<>(answer);
        all.put("node", List.of(self.value()));
        return new QueryAnswer(query.id(), "", all);
    }

    private static QueryAnswer failed(Query query, String error) {
        return new QueryAnswer(query.id(), error, Map.of());
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
