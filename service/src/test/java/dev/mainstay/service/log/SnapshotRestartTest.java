package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.ClusterClock;
import dev.mainstay.service.control.Controller;
import dev.mainstay.service.control.Request;
import dev.mainstay.service.control.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.SizeInBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster service that begins with a snapshot knows what the one before it knew.
class SnapshotRestartTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final RatisSettings.Sizes SMALL = new RatisSettings.Sizes(20, SizeInBytes.valueOf("4KB"));

    @TempDir
    Path directory;

    private final CompletableFuture<ClusterState> restored = new CompletableFuture<>();

    /// A controller over a real log, and that log.
    private record Running(Controller controller, RatisLog log) {
        void end() throws IOException {
            controller.close();
            log.awaitReleased();
        }
    }

    private Running start() throws Exception {
        var controller =
                new Controller("demo", Rules.ofCore(), ClusterClock.ofThisMachine(), restored::completeExceptionally);
        controller.watch(new Cluster.Watcher() {
            @Override
            public void applied(ClusterState before, LogEntry entry, ClusterState after) {}

            @Override
            public void restored(ClusterState snapshot) {
                restored.complete(snapshot);
            }
        });
        var opened = new CompletableFuture<RatisLog>();
        controller.start(replica -> {
            var log = RatisLog.open(
                    Membership.alone("demo", N1), directory, SMALL, replica, restored::completeExceptionally);
            opened.complete(log);
            return log;
        });
        assertThat(controller.awaitLeader(LIMIT)).isTrue();
        return new Running(controller, opened.get());
    }

    private static Answer ask(Running running, String id, Command command) throws Exception {
        return running.controller()
                .submit(new Request(id, "user anna", "asked by this test", command, false))
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void doesNotCarryOutAgainWhatTheServiceBeforeItDidAndAnswered() throws Exception {
        var first = start();
        ask(first, "start-1", new Command.StartNode(N1, 1));
        var stopped = ask(first, "stop-1", new Command.StopNode(N1));
        assertThat(stopped).isInstanceOf(Answer.Done.class);
        for (int i = 2; i < 3 * SMALL.snapshotEntries(); i++) {
            ask(first, "start-" + i, new Command.StartNode(N1, i));
        }
        long revision = first.controller().state().revision();
        first.end();

        var second = start();
        assertThat(restored.get(LIMIT.toSeconds(), TimeUnit.SECONDS).revision()).isGreaterThan(2);
        var repeated = ask(second, "stop-1", new Command.StopNode(N1));

        assertThat(repeated).isEqualTo(stopped);
        assertThat(second.controller().state().revision()).isEqualTo(revision);
        assertThat(second.controller().state().node(N1).map(Node::state)).contains(Node.State.UP);
        second.end();
    }
}
