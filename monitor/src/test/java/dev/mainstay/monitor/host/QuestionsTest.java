package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.spi.ClusterView;
import dev.mainstay.spi.ClusterView.ForbiddenCall;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What types ask of the cluster, and from where they may.
class QuestionsTest {
    @TempDir
    Path directory;

    private final AskedType type = new AskedType();
    private AskedHost rig;

    @AfterEach
    void stop() throws InterruptedException {
        rig.stop();
    }

    @BeforeEach
    void start() throws Exception {
        rig = new AskedHost(directory, type);
    }

    private ClusterView cluster() {
        return type.context("web").cluster();
    }

    /// Asks on a thread that is in no entry point.
    private static <T> CompletableFuture<T> asked(Callable<T> question) {
        var answer = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(question.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void answer(ToService.Query query, String error, Map<String, List<String>> answer) {
        rig.host.order(new ToMonitor.QueryAnswer(query.id(), error, answer));
    }

    @Test
    void cannotBeAskedBeforeTheSecondPhase() {
        rig.open("web");
        assertThat(cluster().available()).isFalse();
        assertThatThrownBy(() -> cluster().node())
                .isInstanceOf(ForbiddenCall.class)
                .hasMessageContainingAll(
                        "resource 'web'", "the name of this node", "still starting", "starting-phase2");
        rig.started(1);
        assertThatThrownBy(() -> cluster().nodesUp()).isInstanceOf(ForbiddenCall.class);
        assertThatThrownBy(() -> cluster().store("level", List.of("3"))).isInstanceOf(ForbiddenCall.class);

        rig.started(2);
        assertThat(cluster().available()).isTrue();
        assertThat(cluster().node()).isEqualTo("n1");
    }

    @Test
    void isAskedFromAThreadOfTheTypesOwn() throws Exception {
        rig.open("web");
        rig.started(2);
        var standing = asked(() -> cluster().group("shop"));
        var query = rig.query();
        assertThat(query).isEqualTo(new ToService.Query(query.id(), "web", "GROUP", "shop", List.of()));
        answer(query, "", Map.of("state", List.of("online"), "owner", List.of("n2")));
        assertThat(standing.get(10, TimeUnit.SECONDS)).isEqualTo(new ClusterView.Standing("online", "n2"));

        var nodes = asked(() -> cluster().nodesUp());
        answer(
                rig.voice.told(ToService.Query.class, it -> it.what().equals("NODES_UP")),
                "",
                Map.of("nodes", List.of("n1", "n2")));
        assertThat(nodes.get(10, TimeUnit.SECONDS)).containsExactly("n1", "n2");
    }

    @Test
    void isAskedFromAWorker() {
        var heard = new CompletableFuture<ClusterView.Standing>();
        type.onlineWork = Optional.of(_ -> heard.complete(cluster().resource("db")));
        rig.open("web");
        rig.started(2);
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        answer(rig.query(), "", Map.of("state", List.of("offline")));
        rig.voice.heard("web", HeldState.ONLINE);

        assertThat(heard).isCompletedWithValue(new ClusterView.Standing("offline", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "online", "offline", "isAlive"})
    void isNotAskedFromAnEntryPoint(String entry) throws Exception {
        var refused = new CompletableFuture<Throwable>();
        rig.started(2);
        rig.open("web");
        type.deeds.put(entry, () -> {
            try {
                cluster().resource("db");
            } catch (ForbiddenCall e) {
                refused.complete(e);
            }
        });
        reach(entry);

        assertThat(refused.get(10, TimeUnit.SECONDS))
                .hasMessageContainingAll(
                        "resource 'web' asked the cluster for resource 'db'",
                        "from entry point '%s' of resource 'web'".formatted(entry),
                        "Ask from a worker");
        assertThat(rig.voice.allTold(ToService.Query.class)).isEmpty();
    }

    private void reach(String entry) {
        if (entry.equals("open")) {
            rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 2, Map.of())));
            return;
        }
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.voice.heard("web", HeldState.ONLINE);
        if (entry.equals("offline")) {
            rig.host.order(new ToMonitor.Offline("web", 1, "REQUESTED"));
        } else if (entry.equals("isAlive")) {
            Eventually.until("polls are armed", () -> rig.time.waiting() >= 3, rig.time::waiting);
            rig.time.pass(60_001);
        }
    }

    @Test
    void storesFromAControlButNotFromOnline() throws Exception {
        rig.started(2);
        rig.open("web");
        type.answers.put("get-flags", _ -> {
            cluster().store("level", List.of("3"));
            return ControlAnswer.done();
        });
        long id = rig.send("web", "get-flags", Map.of());
        var query = rig.query();
        assertThat(query.what()).isEqualTo("STORE");
        assertThat(query.name()).isEqualTo("level");
        assertThat(query.value()).containsExactly("3");
        answer(query, "", Map.of());
        assertThat(rig.answer(id).result()).isEqualTo(Result.DONE);

        var refused = new CompletableFuture<Throwable>();
        type.deeds.put("online", () -> {
            try {
                cluster().store("level", List.of("3"));
            } catch (ForbiddenCall e) {
                refused.complete(e);
            }
        });
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        assertThat(refused.get(10, TimeUnit.SECONDS))
                .hasMessageContainingAll(
                        "to store property 'level'", "from entry point 'online'", "a worker", "a check or a control");
        rig.voice.heard("web", HeldState.ONLINE);
    }

    @Test
    void knowsWhatATypeMayAsk() {
        rig.started(2);
        rig.open("web");
        var ofType = type.started.orElseThrow().cluster();

        assertThat(ofType.node()).isEqualTo("n1");
        assertThatThrownBy(() -> ofType.store("level", List.of()))
                .isInstanceOf(ForbiddenCall.class)
                .hasMessageContainingAll("type 'asked'", "only a resource has stored properties");
        type.answers.put("get-flags", _ -> {
            ofType.nodesUp();
            return ControlAnswer.done();
        });
        assertThat(rig.ask("", "get-flags").error())
                .contains("from entry point 'resourceTypeControl' of type 'asked'", "Ask from a worker");
    }

    @Test
    void tellsWhatTheServiceSaysIsWrong() {
        rig.started(2);
        rig.open("web");
        var standing = asked(() -> cluster().group("shpo"));
        answer(rig.query(), "there is no group 'shpo'. Did you mean 'shop'?", Map.of());

        assertThatThrownBy(() -> standing.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ResourceFailure.class)
                .hasMessage("resource 'web' asked the cluster for group 'shpo': there is no group 'shpo'."
                        + " Did you mean 'shop'?");
    }

    @Test
    void doesNotWaitForEverOrForAServiceThatIsGone() {
        rig.started(2);
        rig.open("web");
        var late = asked(() -> cluster().nodesUp());
        rig.query();
        rig.time.pass(5_000);
        assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS)).hasMessageContaining("no answer came within 5000 ms");

        rig.voice.forget();
        var lost = asked(() -> cluster().nodesUp());
        rig.query();
        rig.host.serviceLost();
        assertThatThrownBy(() -> lost.get(10, TimeUnit.SECONDS)).hasMessageContaining("lost before it answered");

        rig.voice.connected = false;
        assertThatThrownBy(() -> cluster().nodesUp())
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("away or does not read");
    }

    @Test
    void hasALimitedNumberOfOpenQuestions() throws Exception {
        rig.started(2);
        rig.open("web");
        var all = new ArrayList<CompletableFuture<List<String>>>();
        for (int i = 0; i < Questions.OPEN_MAX; i++) {
            all.add(asked(() -> cluster().nodesUp()));
        }
        Eventually.until(
                "all are open",
                () -> rig.voice.allTold(ToService.Query.class).size() == Questions.OPEN_MAX,
                () -> rig.voice.allTold(ToService.Query.class).size());
        assertThatThrownBy(() -> cluster().nodesUp())
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("256 questions wait");

        rig.voice.allTold(ToService.Query.class).forEach(query -> answer(query, "", Map.of("nodes", List.of("n1"))));
        for (var one : all) {
            assertThat(one.get(10, TimeUnit.SECONDS)).containsExactly("n1");
        }
    }
}
