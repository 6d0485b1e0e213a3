package dev.mainstay.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.mainstay.monitor.plugin.DescriptionCheck;
import dev.mainstay.monitor.plugin.RefusedException;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every resource type promises, as tests: extend it, say which type and with which properties, and run it.
///
/// The type runs in a real resource monitor, a process of its own, which is killed in one of the tests. The
/// monitor finds the type as it does in production: by `META-INF/services/dev.mainstay.spi.ResourceType`.
///
/// **Time:** as long as the type takes to come online and go offline, some thirty times.
/// **Source:** docs/resource-types.md has the rules; each test here is one of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ResourceTypeContract {
    /// Checks as fast as this, in milliseconds, so that a test need not wait for them.
    private static final long CHECK_MILLIS = 50;

    /// So many tell the time of an entry point.
    private static final int LIVES = 3;

    private LiveMonitor monitor;
    private int names;
    private Optional<LiveResource> open = Optional.empty();

    /// For subclasses.
    @SuppressWarnings("NullAway.Init") // JUnit starts the monitor before anything else
    protected ResourceTypeContract() {}

    /// The type, as the service loader makes it.
    protected abstract ResourceType type();

    /// Private properties with which a resource comes online here.
    protected abstract Map<String, List<String>> properties();

    /// Properties of a second resource that is online at the same time; those of the first, unless they would
    /// disturb each other.
    protected Map<String, List<String>> otherProperties() {
        return properties();
    }

    /// Properties with which a resource cannot come online, if there are such.
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.empty();
    }

    /// What of a resource with those properties is on this node beside its processes: a mount, an address, a
    /// unit of systemd. Named so that another start gives another name, where that can be seen.
    protected List<String> traces(Map<String, List<String>> properties) {
        return List.of();
    }

    /// How long an entry point may take; 300 ms is the rule, more is a decision that says why.
    protected Duration slowest() {
        return Duration.ofMillis(300);
    }

    /// How long pending work may go on without a new checkpoint.
    protected Duration silence() {
        return Duration.ofSeconds(5);
    }

    /// How long a resource may take for anything at all before its test fails.
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    /// Words before the monitor's command line, that become it: `ip netns exec NAME` for a type that changes the
    /// network, `setpriv ...` for one that is to run as another user.
    protected List<String> within() {
        return List.of();
    }

    @BeforeAll
    final void startMonitor() throws IOException, InterruptedException {
        monitor = new LiveMonitor(MonitorUnderTest.setting(type(), patience(), within()));
        var _ = monitor.start();
    }

    @AfterAll
    final void endMonitor() throws IOException {
        if (monitor != null) {
            monitor.close();
        }
    }

    @BeforeEach
    final void haveMonitor() throws IOException, InterruptedException {
        if (!monitor.process().isAlive()) {
            var _ = monitor.start();
        }
    }

    @AfterEach
    final void closeResource() throws IOException, InterruptedException {
        if (open.isPresent() && monitor.process().isAlive()) {
            open.get().orderClose();
        }
        open = Optional.empty();
    }

    private LiveResource resource(String type, Map<String, List<String>> properties) {
        var resource = monitor.resource("contract-%d".formatted(++names), type, properties);
        open = Optional.of(resource);
        return resource.with(new LiveResource.Limits(CHECK_MILLIS, CHECK_MILLIS, 0, 0));
    }

    private LiveResource resource() {
        return resource(type().describe().name(), properties());
    }

    private LiveResource opened() throws IOException, InterruptedException {
        var resource = resource();
        expect(HeldState.OFFLINE, resource.open(), "open");
        return resource;
    }

    private static LiveResource online(LiveResource resource) throws IOException, InterruptedException {
        expect(HeldState.ONLINE, resource.online(), "online");
        return resource;
    }

    private static void expect(HeldState wanted, HeldResource held, String after) {
        assertEquals(wanted, held.state(), () -> "after %s; the monitor says: %s".formatted(after, held.detail()));
    }

    private void expectNothingRuns(LiveResource resource, String after) {
        var stays = present(resource);
        assertTrue(
                stays.isEmpty(),
                () -> "after %s these (processes as pid@start) are still there: %s. %s"
                        .formatted(after, stays, "Nothing of a resource that is offline may be on this node."));
    }

    /// Its processes, and what is there of it beside them.
    private List<String> present(LiveResource resource) {
        var all = new ArrayList<>(resource.identities());
        all.addAll(traces(resource.properties()));
        return all;
    }

    /// The description is complete, of sane size, and the same at every call.
    @Test
    void describesItself() throws RefusedException {
        DescriptionCheck.check(type().describe());
        assertEquals(type().describe(), type().describe(), "describe() must return the same value at every call");
    }

    /// The monitor finds the type where it will look for it in production.
    @Test
    void isFoundByTheMonitor() throws IOException, InterruptedException {
        var name = type().describe().name();
        assertTrue(
                monitor.inventory().types().stream()
                        .anyMatch(known -> known.name().equals(name)),
                () -> "the monitor does not know type '%s'. Name %s in META-INF/services/dev.mainstay.spi.ResourceType"
                        .formatted(name, type().getClass().getName()));
    }

    /// Online means that it serves, and it stays so under both checks; offline leaves nothing running.
    @Test
    void comesOnlineStaysSoAndGoesOffline() throws IOException, InterruptedException {
        var resource = online(opened());
        int mark = monitor.count();
        var lost =
                resource.reported(Duration.ofMillis(20 * CHECK_MILLIS), mark, held -> held.state() != HeldState.ONLINE);
        lost.ifPresent(
                held -> fail("it was online and did not stay so: %s, %s".formatted(held.state(), held.detail())));
        expect(HeldState.OFFLINE, resource.offline(), "offline");
        expectNothingRuns(resource, "offline");
        resource.close();
    }

    /// A second life is like the first.
    @Test
    void comesOnlineAgain() throws IOException, InterruptedException {
        var resource = online(opened());
        expect(HeldState.OFFLINE, resource.offline(), "offline");
        var _ = online(resource);
        expect(HeldState.FAILED, resource.fail(), "terminate");
        expectNothingRuns(resource, "terminate");
        var _ = online(resource);
        resource.close();
        expectNothingRuns(resource, "close");
    }

    /// Online, offline and terminate may come twice; the second time changes nothing.
    @Test
    void takesEachCallTwice() throws IOException, InterruptedException {
        var resource = resource(Twice.NAME, properties());
        expect(HeldState.OFFLINE, resource.open(), "open");
        expect(HeldState.ONLINE, resource.online(), "online, called twice");
        expect(HeldState.OFFLINE, resource.offline(), "offline, called twice");
        expectNothingRuns(resource, "offline, called twice");
        expect(HeldState.ONLINE, resource.online(), "online, called twice");
        expect(HeldState.FAILED, resource.fail(), "terminate, called twice");
        expectNothingRuns(resource, "terminate, called twice");
        resource.close();
    }

    /// Terminate may arrive while it comes online, at any moment.
    @Test
    void endsWhenTerminatedWhileComingOnline() throws IOException, InterruptedException {
        var resource = opened();
        for (int i = 0; i < 3; i++) {
            int mark = monitor.count();
            resource.orderOnline();
            resource.orderOffline();
            var _ = resource.settledInAttempt(mark, state -> state == HeldState.OFFLINE || state == HeldState.FAILED);
            expectNothingRuns(resource, "a terminate while it came online");
        }
        var _ = online(resource);
        resource.close();
    }

    /// Terminate may arrive while it goes offline.
    @Test
    void endsWhenTerminatedWhileGoingOffline() throws IOException, InterruptedException {
        var resource = online(opened());
        int mark = monitor.count();
        resource.orderOffline();
        resource.orderClose();
        var _ = monitor.await("its end", mark, message -> LiveMonitor.as(ToService.Closed.class, message));
        expectNothingRuns(resource, "a terminate while it went offline");
    }

    /// Terminate may arrive while it is being checked.
    @Test
    void endsWhenTerminatedWhileBeingChecked() throws IOException, InterruptedException {
        var resource = opened().with(new LiveResource.Limits(1, 1, 0, 0));
        for (int i = 0; i < 3; i++) {
            var _ = online(resource);
            var held = resource.fail();
            expect(HeldState.FAILED, held, "terminate during checks");
            expectNothingRuns(resource, "a terminate while it was checked");
        }
        resource.close();
    }

    /// Two resources of the type are two: neither disturbs the other.
    @Test
    void servesTwoResourcesAtOnce() throws IOException, InterruptedException {
        var one = opened();
        var other = resource(type().describe().name(), otherProperties());
        expect(HeldState.OFFLINE, other.open(), "open of the other");
        int mark = monitor.count();
        one.orderOnline();
        other.orderOnline();
        for (var resource : List.of(one, other)) {
            var held = resource.settled(mark, state -> state == HeldState.ONLINE || state == HeldState.FAILED);
            expect(HeldState.ONLINE, held, "online of both at once");
        }
        expect(HeldState.FAILED, one.fail(), "terminate of one");
        int after = monitor.count();
        var lost =
                other.reported(Duration.ofMillis(10 * CHECK_MILLIS), after, held -> held.state() != HeldState.ONLINE);
        lost.ifPresent(held -> fail("the end of one resource took the other along: " + held.detail()));
        one.close();
        other.close();
    }

    /// No entry point takes longer than 300 ms, by the median of some lives, so that neither a busy machine nor
    /// the first use of a library fails a type; longer work is handed to a worker.
    @Test
    void answersInTime() throws IOException, InterruptedException {
        for (int i = 0; i < LIVES; i++) {
            var resource = online(opened());
            var _ = resource.reported(Duration.ofMillis(5 * CHECK_MILLIS), monitor.count(), _ -> false);
            expect(HeldState.OFFLINE, resource.offline(), "offline");
            resource.close();
        }
        var slow = monitor.measures().calls().stream()
                .filter(call -> call.type().equals(type().describe().name()))
                .filter(call -> call.durations().p50()
                        > TimeUnit.MILLISECONDS.toMicros(slowest().toMillis()))
                .map(call -> "%s mostly %d ms"
                        .formatted(
                                call.call(),
                                TimeUnit.MICROSECONDS.toMillis(call.durations().p50())))
                .toList();
        assertTrue(
                slow.isEmpty(),
                () -> "these entry points take over %d ms: %s. %s"
                        .formatted(slowest().toMillis(), slow, "Hand longer work to Operation.pending."));
    }

    /// Pending work names its steps, so that an operator sees where it stands and a hang is told from patience.
    @Test
    void tellsItsStepsWhilePending() throws IOException, InterruptedException {
        var resource = opened();
        var steps = new PendingSteps(resource.name());
        monitor.listen(steps);
        var _ = online(resource);
        expect(HeldState.OFFLINE, resource.offline(), "offline");
        var longest = steps.longestSilence();
        assertTrue(
                longest.compareTo(silence()) <= 0,
                () -> "its worker went on for %d ms without a new checkpoint. %s"
                        .formatted(longest.toMillis(), "Call Progress.checkpoint with each step it waits for."));
        resource.close();
    }

    /// Values the description does not permit are refused before anything runs.
    @Test
    void refusesPropertiesThatItsDescriptionForbids() throws IOException, InterruptedException {
        var name = type().describe().name();
        for (var property : type().describe().properties()) {
            for (var bad : BadValues.of(property)) {
                var properties = new HashMap<>(properties());
                properties.put(property.name(), List.of(bad));
                refused(resource(name, properties), property, "value '%s'".formatted(bad));
            }
            if (property.required()) {
                var properties = new HashMap<>(properties());
                properties.remove(property.name());
                refused(resource(name, properties), property, "no value");
            }
        }
    }

    private static void refused(LiveResource resource, PropertyDescription property, String what)
            throws IOException, InterruptedException {
        var held = resource.open();
        assertEquals(HeldState.FAILED, held.state(), () -> "property '%s' with %s".formatted(property.name(), what));
        assertTrue(
                held.detail().contains(property.name()),
                () -> "the refusal of %s does not name property '%s': %s"
                        .formatted(what, property.name(), held.detail()));
        resource.close();
    }

    /// A resource that cannot come online says why, and leaves nothing running.
    @Test
    void saysWhyItCannotComeOnline() throws IOException, InterruptedException {
        if (failingProperties().isEmpty()) {
            return;
        }
        var resource = resource(type().describe().name(), failingProperties().get());
        var held = resource.open();
        if (held.state() == HeldState.OFFLINE) {
            held = resource.online();
        }
        expect(HeldState.FAILED, held, "online with properties that cannot work");
        assertFalse(held.detail().isBlank(), "it must say why it failed");
        expectNothingRuns(resource, "a failed online");
        resource.close();
    }

    /// What is there of it without the processes of a check that just runs.
    private List<String> lasting(LiveResource resource) throws InterruptedException {
        var seen = present(resource);
        var _ = resource.reported(Duration.ofMillis(10 * CHECK_MILLIS), monitor.count(), _ -> false);
        var again = present(resource);
        return seen.stream().filter(again::contains).toList();
    }

    /// What runs survives the death of its monitor, and the next monitor adopts the very same.
    @Test
    void survivesTheDeathOfItsMonitor() throws IOException, InterruptedException {
        var resource = online(opened());
        var before = lasting(resource);
        monitor.kill();
        var _ = monitor.start();
        var held = resource.open();
        if (!before.isEmpty()) {
            expect(HeldState.ONLINE, held, "adoption by the next monitor");
            assertEquals(
                    before,
                    present(resource),
                    "the very processes (pid@start) and other traces that were there when the monitor was killed must be adopted");
        } else if (held.state() != HeldState.ONLINE) {
            var _ = online(resource);
        }
        expect(HeldState.OFFLINE, resource.offline(), "offline after adoption");
        expectNothingRuns(resource, "offline after adoption");
        resource.close();
    }

    /// A closed instance gives back its threads and open files; a monitor lives for months.
    @Test
    void leavesNothingBehindWhenClosed() throws IOException, InterruptedException {
        var footprint = new Footprint(monitor.process().pid());
        footprint.afterWarmUp(() -> {
            var resource = online(opened());
            expect(HeldState.OFFLINE, resource.offline(), "offline");
            resource.close();
        });
        assertTrue(
                footprint.isBounded(),
                () -> "after %s. Give back in close what open and online took.".formatted(footprint));
    }

    /// Controls it declares are answered, unknown ones are left to the monitor.
    @Test
    void answersControls() throws IOException, InterruptedException {
        var resource = online(opened());
        var unknown = resource.control("no-such-control", Map.of());
        assertEquals(
                ControlDone.Result.NOT_SUPPORTED, unknown.result(), () -> "an unknown control: " + unknown.error());
        for (var control : type().describe().abilities().controls()) {
            if (control.access() == ControlDescription.Access.READ
                    && control.input().stream().noneMatch(PropertyDescription::required)) {
                var done = control.object() == ControlDescription.Target.RESOURCE
                        ? resource.control(control.code(), Map.of())
                        : monitor.typeControl(type().describe().name(), control.code(), Map.of());
                assertEquals(
                        ControlDone.Result.DONE,
                        done.result(),
                        () -> "control '%s', which it declares: %s".formatted(control.code(), done.error()));
            }
        }
        expect(HeldState.ONLINE, resource.held().orElseThrow(), "controls");
        resource.close();
    }
}
