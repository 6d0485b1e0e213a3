package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.INCARNATION;
import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.N2;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.withDatabase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.decision.Command.Configure;
import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.ToMonitor.QueryAnswer;
import dev.mainstay.protocol.ToService.Query;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClusterQuestionsTest {
    private final List<Request> requests = new ArrayList<>();
    private final List<CompletableFuture<Answer>> decisions = new ArrayList<>();
    private final List<QueryAnswer> answers = new ArrayList<>();
    private final ClusterState state = withDatabase(cluster(N2, ResourceState.ONLINE, 1));
    private final ClusterQuestions questions = new ClusterQuestions(N1, INCARNATION, new Leader());

    /// Decides when the test does.
    private final class Leader implements Cluster {
        @Override
        public ClusterState state() {
            return state;
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.of(N1);
        }

        @Override
        public CompletableFuture<Answer> submit(Request request) {
            requests.add(request);
            decisions.add(new CompletableFuture<>());
            return decisions.getLast();
        }

        @Override
        public void watch(Watcher watcher) {
            throw new UnsupportedOperationException("nobody watches");
        }
    }

    private QueryAnswer ask(String what, String name) {
        return ask(state, what, name);
    }

    private QueryAnswer ask(ClusterState of, String what, String name) {
        questions.answer(new Query(9, "web", what, name, List.of()), of, answers::add);
        return answers.getLast();
    }

    private void store(String resource, String name, String... value) {
        questions.answer(new Query(9, resource, "STORE", name, List.of(value)), state, answers::add);
    }

    @Test
    void tellsWhereAResourceAndAGroupStandAndOnWhichNode() {
        assertThat(ask("RESOURCE", "web"))
                .isEqualTo(new QueryAnswer(
                        9, "", Map.of("state", List.of("online"), "owner", List.of("n2"), "node", List.of("n1"))));
        assertThat(ask(cluster(N1, ResourceState.OFFLINE_PENDING, 1), "GROUP", "site"))
                .isEqualTo(new QueryAnswer(
                        9, "", Map.of("state", List.of("pending"), "owner", List.of("n1"), "node", List.of("n1"))));
    }

    @Test
    void tellsTheNodesThatAreUp() {
        var withOneDown = state.with(new Node(new NodeId("n3"), Node.State.DOWN, 1))
                .with(new Node(new NodeId("n4"), Node.State.STOPPING, 1));

        assertThat(ask(withOneDown, "NODES_UP", "").answer())
                .isEqualTo(Map.of("nodes", List.of("n1", "n2"), "node", List.of("n1")));
    }

    @Test
    void saysWhatItCannotTell() {
        assertThat(ask("RESOURCE", "wob").error()).isEqualTo("there is no resource 'wob'");
        assertThat(ask("GROUP", "web").error()).isEqualTo("there is no group 'web'");
        assertThat(ask("RESOURCE", "Not a name!").error()).isEqualTo("there is no resource 'Not a name!'");
        assertThat(ask("PASSWORDS", "").error()).isEqualTo("'PASSWORDS' cannot be asked of the cluster service");
        store("wob", "port", "80");
        assertThat(answers.getLast().error()).isEqualTo("there is no resource 'wob'");
        assertThat(requests).isEmpty();
    }

    @Test
    void changesOnePropertyOfTheVeryResourceAndAnswersWhenThatIsDecided() {
        store("web", "port", "8080", "8081");

        assertThat(answers).isEmpty();
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.actor()).isEqualTo("resource web");
            assertThat(request.dryRun()).isFalse();
            assertThat(request.command()).isInstanceOfSatisfying(Configure.class, configure -> {
                assertThat(configure.ifConfigRevision()).isEqualTo(-1);
                assertThat(configure.changes())
                        .singleElement()
                        .isInstanceOfSatisfying(
                                Change.PutResource.class,
                                put -> assertThat(put.settings())
                                        .isEqualTo(state.resource(Samples.WEB)
                                                .orElseThrow()
                                                .settings()
                                                .with(new TreeMap<>(Map.of("port", List.of("8080", "8081"))))));
            });
        });
        decisions.getFirst().complete(new Answer.Done(7, List.of()));
        assertThat(answers).containsExactly(new QueryAnswer(9, "", Map.of("node", List.of("n1"))));
    }

    @Test
    void passesOnWhyNothingWasStored() {
        store("web", "port", "x");
        store("web", "port", "x");
        store("db", "port", "x");

        decisions.get(0).complete(new Answer.Refused(new Refusal(Refusal.Code.STOPPING, "it stops", "Wait.")));
        decisions.get(1).complete(new Answer.Unavailable(Answer.Unavailable.Cause.NO_LEADER, "no leader", "Wait."));
        decisions.get(2).complete(new Answer.Unknown("the leader was lost"));

        assertThat(answers)
                .extracting(QueryAnswer::error)
                .containsExactly("it stops", "no leader", "the leader was lost");
        assertThat(requests).extracting(Request::id).doesNotHaveDuplicates();
    }
}
