package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.INCARNATION;
import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceControlTest {
    private static final long LIMIT_SECONDS = 30;

    /// What was asked, and the answer the test gives.
    private record Asked(Request request, CompletableFuture<Answer> answer) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<ToMonitor> sent = new LinkedBlockingQueue<>();
    private final ClusterState state = cluster(N1, ResourceState.OFFLINE, 0);
    private final ResourceControl control =
            new ResourceControl(N1, INCARNATION, new Scripted(), Orders::ordersFor, sent::add, InstantSource.system());
    private final Thread thread = Thread.ofPlatform().name("control").unstarted(control);

    private final class Scripted implements Cluster {
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
            var one = new Asked(request, new CompletableFuture<>());
            asked.add(one);
            return one.answer;
        }

        @Override
        public void watch(Watcher watcher) {
            throw new UnsupportedOperationException("the node watches");
        }
    }

    @BeforeEach
    void start() {
        thread.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    @Test
    void opensAndStartsAResourceThenReportsIt() throws Exception {
        attach();
        assertThat(nextOrder()).isInstanceOf(ToMonitor.Open.class);

        control.reported("default", web(HeldState.OFFLINE, 1, 0));
        assertThat(nextOrder()).isEqualTo(new ToMonitor.Online("web", 1, 1, "PERSISTENT_STATE"));

        var first = nextAsked();
        control.reported("default", web(HeldState.ONLINE_PENDING, 2, 1));
        control.reported("default", web(HeldState.ONLINE, 3, 1));
        first.answer.complete(new Answer.Done(1, List.of()));
        assertThat(reported(nextAsked())).isEqualTo(ResourceState.ONLINE);
    }

    @Test
    void asksOneThingAtATime() throws Exception {
        attach();
        control.reported("default", web(HeldState.OFFLINE, 1, 0));
        var first = nextAsked();
        control.reported("default", web(HeldState.ONLINE_PENDING, 2, 1));

        assertThat(reported(first)).isEqualTo(ResourceState.OFFLINE);
        assertThat(asked).isEmpty();
        first.answer.complete(new Answer.Done(1, List.of()));
        assertThat(reported(nextAsked())).isEqualTo(ResourceState.ONLINE_PENDING);
    }

    @Test
    void repeatsAReportThatCouldNotBeDecided() throws Exception {
        attach();
        control.reported("default", web(HeldState.FAILED, 1, 1));
        nextAsked().answer.complete(new Answer.Unavailable(Answer.Unavailable.Cause.NO_LEADER, "no leader", "wait"));
        nextAsked().answer.complete(new Answer.Unknown("leader lost"));

        assertThat(reported(nextAsked())).isEqualTo(ResourceState.FAILED);
    }

    @Test
    void ordersNothingUntilTheClusterTookNoteOfThisStart() throws Exception {
        var earlier = state.with(
                new dev.mainstay.core.state.Node(N1, dev.mainstay.core.state.Node.State.UP, INCARNATION - 1));
        control.restored(earlier);
        attach();
        control.reported("default", web(HeldState.OFFLINE, 1, 0));
        assertThat(sent.poll(50, TimeUnit.MILLISECONDS)).isNull();

        control.applied(new LogEntry(0, Instant.EPOCH, List.of()), state);

        assertThat(nextOrder()).isInstanceOf(ToMonitor.Online.class);
    }

    /// The monitor before may have left it running: the node must not leave the cluster on the word of a new one
    /// that has not looked.
    @Test
    void isNotAtRestWhileANewMonitorHasNotOpenedEverything() throws Exception {
        var stopping = state.with(
                new dev.mainstay.core.state.Node(N1, dev.mainstay.core.state.Node.State.STOPPING, INCARNATION));
        control.restored(stopping);
        attach();
        assertThat(nextOrder()).isInstanceOf(ToMonitor.Open.class);
        control.restored(stopping);
        awaitInTheWay("resource 'web' is not opened yet");

        control.reported("default", web(HeldState.OFFLINE, 1, 0));
        nextAsked().answer.complete(new Answer.Done(1, List.of()));

        awaitInTheWay("");
        assertThat(control.rest().reached()).isTrue();
    }

    /// @param text the one thing in the way; empty for nothing
    private void awaitInTheWay(String text) {
        var expected = text.isEmpty() ? List.of() : List.of(text);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!control.rest().inTheWay().equals(expected) && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(control.rest().inTheWay()).isEqualTo(expected);
    }

    private void attach() {
        control.attached("default", true, new Inventory(List.of(), List.of()));
    }

    private ToMonitor nextOrder() throws InterruptedException {
        var next = sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("an order within %d s", LIMIT_SECONDS).isNotNull();
        return java.util.Objects.requireNonNull(next);
    }

    private Asked nextAsked() throws InterruptedException {
        var next = asked.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a request within %d s", LIMIT_SECONDS).isNotNull();
        return java.util.Objects.requireNonNull(next);
    }

    private static ResourceState reported(Asked one) {
        var observed =
                ((Command.ReportResources) one.request.command()).reports().get(WEB);
        return java.util.Objects.requireNonNull(observed).state();
    }
}
