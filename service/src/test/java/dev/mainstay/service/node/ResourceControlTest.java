package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.INCARNATION;
import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.web;
import static dev.mainstay.service.node.Samples.withDatabase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import dev.mainstay.service.journal.LocalFact;
import dev.mainstay.service.monitors.Ending;
import dev.mainstay.service.monitors.MonitorSetup;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceControlTest {
    private static final long LIMIT_SECONDS = 30;

    /// What was asked, and the answer the test gives.
    private record Asked(Request request, CompletableFuture<Answer> answer) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private final ClusterState state = cluster(N1, ResourceState.OFFLINE, 0);
    private final List<LocalFact> facts = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> needed = new LinkedBlockingQueue<>();
    private final ResourceControl control = new ResourceControl(new ResourceControl.Parts(
            N1,
            INCARNATION,
            new Scripted(),
            Orders::ordersFor,
            new ScriptedDesks(),
            facts::add,
            InstantSource.system(),
            true));
    private final Thread thread = Thread.ofPlatform().name("control").unstarted(control);

    /// What was sent to which monitor.
    private record Sent(String monitor, ToMonitor message) {}

    private final class ScriptedDesks implements Desks {
        @Override
        public void send(String monitor, ToMonitor message) {
            sent.add(new Sent(monitor, message));
        }

        @Override
        public void tell(String monitor, Notices.Notice notice, Consumer<Boolean> heard) {
            sent.add(new Sent(
                    monitor,
                    new ToMonitor.Control(
                            1, notice.resource(), notice.type(), notice.code(), notice.input(), 1_000, true)));
            heard.accept(true);
        }

        @Override
        public void need(String monitor, MonitorSetup setup) {
            needed.add(monitor);
        }

        @Override
        public void release(String monitor) {
            needed.add("not " + monitor);
        }
    }

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
    void tellsTheTypesInItsMonitorsOfANodeThatJoins() throws Exception {
        var process = new TypeSpec("process", "1", "", List.of(), 1, 1, 1, 1, true);
        control.attached("default", true, new Inventory(List.of(process), List.of()));
        assertThat(nextOrder()).isInstanceOf(ToMonitor.Open.class);

        control.restored(state.with(new Node(new NodeId("n3"), Node.State.UP, 1)));

        assertThat(nextOrder()).isInstanceOfSatisfying(ToMonitor.Control.class, notice -> {
            assertThat(notice.code()).isEqualTo("install-node");
            assertThat(notice.type()).isEqualTo("process");
            assertThat(notice.input()).isEqualTo(Map.of("node", List.of("n3")));
            assertThat(notice.notice()).isTrue();
        });
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
        assertThat(sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(new Sent("default", new ToMonitor.Starting(1, false, true, "n1")));
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

    @Test
    void tellsEveryMonitorHowFarTheStartIsBeforeItOpensAnything() throws Exception {
        attach();

        assertThat(sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS).message())
                .isEqualTo(new ToMonitor.Starting(1, false, true, "n1"));
        assertThat(sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS).message())
                .isEqualTo(new ToMonitor.Starting(2, false, true, "n1"));
        assertThat(nextOrder()).isInstanceOf(ToMonitor.Open.class);
    }

    @Test
    void opensNothingWhileItIsNotKnownWhatAnEarlierMonitorHolds() throws Exception {
        thread.interrupt();
        thread.join();
        var careful = new ResourceControl(new ResourceControl.Parts(
                N1,
                INCARNATION,
                new Scripted(),
                Orders::ordersFor,
                new ScriptedDesks(),
                facts::add,
                InstantSource.system(),
                false));
        careful.expect(Set.of("default", "type-process"), Set.of());
        var loop = Thread.ofPlatform().start(careful);
        careful.attached("default", false, new Inventory(List.of(), List.of()));
        sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(sent.poll(50, TimeUnit.MILLISECONDS)).isNull();

        careful.attached("type-process", false, new Inventory(List.of(), List.of(web(HeldState.OFFLINE, 1, 1))));

        var next = nextSent();
        assertThat(next.monitor()).isEqualTo("type-process");
        assertThat(next.message()).isInstanceOf(ToMonitor.Online.class);
        loop.interrupt();
        loop.join();
    }

    @Test
    void givesTheResourceWhoseCallHungAMonitorOfItsOwnAndEndsWhatIsLeftOfIt() throws Exception {
        attach();
        assertThat(nextSent().monitor()).isEqualTo("default");
        control.reported("default", web(HeldState.ONLINE, 8, 1));

        control.detached("default");
        control.gone("default", hung());

        assertThat(awaitNeed("resource-web")).isTrue();
        control.attached("default", true, new Inventory(List.of(), List.of()));
        control.attached("resource-web", true, new Inventory(List.of(), List.of()));
        var opened = nextSent();
        assertThat(opened.monitor()).isEqualTo("resource-web");
        var open = (ToMonitor.Open) opened.message();
        assertThat(open.endLeftover()).contains("it hangs");
        assertThat(open.sequence()).isEqualTo(9);
        assertThat(facts)
                .extracting(LocalFact::event)
                .contains("MonitorEnded", "ResourceDeadlocked", "ResourceIsolated");
    }

    @Test
    void tellsThatTheStateOfTheCulpritIsNotKnownUntilItsNewMonitorHasLooked() throws Exception {
        attach();
        nextSent();
        control.reported("default", web(HeldState.ONLINE, 8, 1));
        nextAsked().answer.complete(new Answer.Done(1, List.of()));

        control.detached("default");
        control.gone("default", hung());

        var told = observed(nextAsked());
        assertThat(told.state()).isEqualTo(ResourceState.INITIALIZING);
        assertThat(told.detail()).isEqualTo("it hangs");
        assertThat(told.sequence()).isEqualTo(9);
        control.attached("default", true, new Inventory(List.of(), List.of()));
        control.attached("resource-web", true, new Inventory(List.of(), List.of()));
        assertThat(((ToMonitor.Open) nextSent().message()).sequence()).isEqualTo(9);
    }

    /// The clock of the node may have been set back since: what is reported next has to be news all the same.
    @Test
    void opensAboveEveryNumberThatWasSeenOfTheResource() throws Exception {
        control.restored(cluster(N1, ResourceState.OFFLINE, 70));
        attach();
        assertThat(((ToMonitor.Open) nextSent().message()).sequence())
                .as("the leader knows")
                .isEqualTo(70);
        control.closed("default", "web");

        control.attached("default", false, new Inventory(List.of(), List.of(web(HeldState.OFFLINE, 90, 1))));
        control.closed("default", "web");

        assertThat(nextOpen().sequence())
                .as("a monitor that outlived the service told")
                .isEqualTo(90);
    }

    private ToMonitor.Open nextOpen() throws InterruptedException {
        while (true) {
            if (nextSent().message() instanceof ToMonitor.Open open && open.sequence() > 70) {
                return open;
            }
        }
    }

    @Test
    void startsTheMonitorOfTheCulpritWhenThatOfTheBystandersIsConnected() throws Exception {
        control.applied(new LogEntry(0, Instant.EPOCH, List.of()), withDatabase(state));
        attach();
        nextSent();
        nextSent();
        control.reported("default", web(HeldState.ONLINE, 8, 1));
        needed.clear();

        control.detached("default");
        control.gone("default", hung());

        // Another one is asked for at once, this one only when the bystanders have theirs, or after two seconds.
        assertThat(needed.poll(1, TimeUnit.SECONDS)).isNull();
        control.attached("default", true, new Inventory(List.of(), List.of()));
        assertThat(awaitNeed("resource-web")).isTrue();
    }

    @Test
    void letsABystanderBeAdoptedByTheNextMonitorOfTheSameName() throws Exception {
        attach();
        nextSent();
        control.reported("default", web(HeldState.ONLINE, 8, 1));

        control.detached("default");
        control.gone("default", died());
        control.attached("default", true, new Inventory(List.of(), List.of()));

        var opened = nextSent();
        assertThat(opened.monitor()).isEqualTo("default");
        assertThat(((ToMonitor.Open) opened.message()).endLeftover()).isEmpty();
        assertThat(facts).extracting(LocalFact::event).containsExactly("MonitorEnded");
    }

    @Test
    void opensNothingElsewhereBeforeADetachedMonitorIsProvedDead() throws Exception {
        attach();
        nextSent();
        control.reported("default", web(HeldState.ONLINE, 8, 1));
        control.detached("default");
        assertThat(control.debug(WEB, true, "user root")
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                        .atOnce())
                .isFalse();
        control.attached("debug-web", true, new Inventory(List.of(), List.of()));

        assertThat(messagesWithin50Millis()).noneMatch(ToMonitor.Open.class::isInstance);

        control.gone("default", died());
        assertThat(nextSent().monitor()).isEqualTo("debug-web");
    }

    private List<ToMonitor> messagesWithin50Millis() throws InterruptedException {
        var messages = new java.util.ArrayList<ToMonitor>();
        for (var next = sent.poll(50, TimeUnit.MILLISECONDS);
                next != null;
                next = sent.poll(50, TimeUnit.MILLISECONDS)) {
            messages.add(next.message());
        }
        return messages;
    }

    private boolean awaitNeed(String monitor) throws InterruptedException {
        for (var next = needed.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                next != null;
                next = needed.poll(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            if (next.equals(monitor)) {
                return true;
            }
        }
        return false;
    }

    private static Ending hung() {
        var call = new Deadlocked("web", "process", "isAlive", 1, 300_000, "", "it hangs");
        return new Ending(Ending.Kind.DEADLOCKED, 7, Instant.EPOCH, "it hangs", Optional.of(call), "");
    }

    private static Ending died() {
        return new Ending(Ending.Kind.CRASHED, 7, Instant.EPOCH, "ended by signal 9", Optional.empty(), "");
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
        return nextSent().message();
    }

    /// The next order; how far the start of the service is told of beside.
    private Sent nextSent() throws InterruptedException {
        while (true) {
            var next = sent.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("an order within %d s", LIMIT_SECONDS).isNotNull();
            var found = java.util.Objects.requireNonNull(next);
            if (!(found.message() instanceof ToMonitor.Starting)) {
                return found;
            }
        }
    }

    private Asked nextAsked() throws InterruptedException {
        var next = asked.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a request within %d s", LIMIT_SECONDS).isNotNull();
        return java.util.Objects.requireNonNull(next);
    }

    private static ResourceState reported(Asked one) {
        return observed(one).state();
    }

    private static Observed observed(Asked one) {
        return java.util.Objects.requireNonNull(
                ((Command.ReportResources) one.request.command()).reports().get(WEB));
    }
}
