package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
    private static final ToMonitor STARTED = new ToMonitor.Starting(2, false, false, "n1");

    @TempDir
    Path directory;

    private final HandDrivenTime time = new HandDrivenTime();
    private final HeardVoice voice = new HeardVoice();
    private final PlayedType type = new PlayedType();
    private final Queue<Incident> incidents = new ConcurrentLinkedQueue<>();
    private Host host;
    private boolean debugged;

    @BeforeEach
    void start() throws IOException {
        host = newHost();
    }

    /// The monitor before is dead: its timers do not ring any more and its claims are given back.
    private void replaceHost() throws IOException {
        host.close();
        host = newHost();
    }

    private Host newHost() throws IOException {
        return new Host(new Host.Parts(
                new Host.Place("default", directory, debugged),
                TypeSource.of(List.of(type)),
                (resource, _, _) -> new NoProcesses(() -> type.calls.add("endAll " + resource)),
                time,
                voice,
                incidents::add));
    }

    private static ResourceSpec spec(String name, String play, String... providers) {
        return new ResourceSpec(
                name,
                "group",
                "played",
                Map.of("play", List.of(play)),
                List.of(providers).stream().map(List::of).toList(),
                0,
                0,
                0,
                0,
                1);
    }

    private void open(String name, String play, String... providers) {
        host.order(new ToMonitor.Open(spec(name, play, providers)));
        voice.heard(name, HeldState.OFFLINE);
    }

    private void online(String name, long attempt) {
        host.order(new ToMonitor.Online(name, 1, attempt, "REQUESTED"));
    }

    @Test
    void bringsAResourceOnlineAndWritesItsRecordFirst() {
        open("web", "");
        online("web", 1);
        var held = voice.heard("web", HeldState.ONLINE);

        assertThat(held.attempt()).isEqualTo(1);
        assertThat(voice.states("web"))
                .containsSubsequence(HeldState.OFFLINE, HeldState.ONLINE_PENDING, HeldState.ONLINE);
        assertThat(directory.resolve("records/web.record")).exists();
    }

    @Test
    void saysWhyAResourceThatThrewIsFailedAndTerminatesItFirst() {
        open("web", "throws");
        online("web", 1);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("port 80 is taken");
        assertThat(type.calls).containsSubsequence("online web", "terminate web");
        assertThat(directory.resolve("records/web.record")).doesNotExist();
    }

    /// Somebody else could start it otherwise while something of it still runs.
    @Test
    void isNotAtRestUntilItCouldBeTerminated() {
        type.unkillable = true;
        open("web", "throws");
        online("web", 1);
        voice.said("process 7 is in state D");
        assertThat(voice.states("web")).endsWith(HeldState.ONLINE_PENDING);

        type.unkillable = false;
        time.pass(5_001);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("port 80 is taken");
    }

    @Test
    void startsAFailedAttemptOnlyWithTheNextOne() {
        open("web", "throws");
        online("web", 1);
        voice.heard("web", HeldState.FAILED);
        online("web", 1);
        online("web", 2);
        voice.heard(held -> held.state() == HeldState.FAILED && held.attempt() == 2, "second failure");

        assertThat(type.calls.stream().filter("online web"::equals)).hasSize(2);
    }

    @Test
    void failsAResourceWithinOneSignalAndOneIsAlive() {
        open("web", "signals");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        long seenAt = time.micros();
        type.health.put("web", Health.dead("process 7 is gone"));
        type.signal("web").raise("ended by signal 9");
        var held = voice.heard("web", HeldState.FAILED);

        assertThat(held.detail()).isEqualTo("ended by signal 9; IsAlive: process 7 is gone");
        assertThat(held.seenAtMicros()).isEqualTo(seenAt);
    }

    @Test
    void pollsWithinTheIntervalAndFailsWhatIsDead() {
        open("web", "");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        awaitWaiting(3);
        type.health.put("web", Health.dead("no answer"));
        time.pass(5_001);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("no answer");
        assertThat(type.calls).contains("isAlive web");
    }

    @Test
    void reportsACheckpointAndTimesOutWithoutANewOne() {
        open("web", "pending");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE_PENDING);
        // the sweep of calls, the pending timeout, and the report of the checkpoint
        awaitWaiting(3);
        time.pass(200);
        voice.heard(held -> held.checkpoint().equals("waiting for release"), "checkpoint");
        time.pass(180_001);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("180000 ms", "waiting for release");
    }

    /// What is reported is done, but its timers are armed a moment later.
    private void awaitWaiting(int timers) {
        Eventually.until(timers + " timers wait", () -> time.waiting() >= timers, time::waiting);
    }

    private void awaitCall(String call) {
        Eventually.until(call, () -> type.calls.contains(call), () -> type.calls);
    }

    @Test
    void cancelsAPendingOnlineWhenItShallGoOffline() {
        open("web", "pending");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE_PENDING);
        awaitWaiting(3);
        voice.forget();
        host.order(new ToMonitor.Offline("web", 1, "REQUESTED"));
        voice.heard("web", HeldState.OFFLINE);

        assertThat(type.calls).containsSubsequence("online web", "terminate web");
    }

    @Test
    void terminatesBesideACallThatDoesNotReturn() {
        open("web", "hangs");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE_PENDING);
        voice.forget();
        host.order(new ToMonitor.Offline("web", 1, "REQUESTED"));
        awaitCall("terminate web");
        type.released.countDown();
        voice.heard("web", HeldState.OFFLINE);

        assertThat(type.calls.stream().filter("terminate web"::equals)).hasSize(2);
    }

    @Test
    void tellsResourceCallAndStackOfACallPastItsDeadline() {
        open("web", "hangs");
        online("web", 1);
        awaitCall("online web");
        long began = time.micros();
        time.pass(300_001);
        type.released.countDown();
        voice.heard("web", HeldState.ONLINE);

        assertThat(incidents).singleElement().isInstanceOfSatisfying(Incident.Overdue.class, overdue -> {
            assertThat(overdue.summary()).contains("'online'", "'web'", "'played'", "300000 ms");
            assertThat(overdue.culprit().sinceMicros()).isEqualTo(began);
            assertThat(overdue.lastedMillis()).isEqualTo(300_001);
        });
    }

    @Test
    void hasNoDeadlinesUnderADebugger() throws Exception {
        debugged = true;
        replaceHost();
        voice.said("this monitor is debugged");
        open("web", "hangs");
        open("api", "pending");
        online("web", 1);
        online("api", 1);
        awaitCall("online web");
        awaitCall("online api");
        time.pass(TimeUnit.DAYS.toMillis(30));
        type.released.countDown();
        voice.heard("web", HeldState.ONLINE);
        voice.heard("api", HeldState.ONLINE);

        assertThat(incidents).isEmpty();
    }

    @Test
    void saysWhatItCannotOpenAndWhy() {
        var spec = spec("web", "");
        host.order(new ToMonitor.Open(new ResourceSpec("web", "group", "procss", Map.of(), List.of(), 0, 0, 0, 0, 1)));
        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("'procss'", "It knows: played");
        host.order(new ToMonitor.Open(
                new ResourceSpec("api", "group", "played", Map.of("plai", List.of("x")), List.of(), 0, 0, 0, 0, 1)));
        assertThat(voice.heard("api", HeldState.FAILED).detail()).contains("no property 'plai'", "it has play");
        assertThat(spec.revision()).isEqualTo(1);
    }

    @Test
    void failsAnOnlineThatReturnsPendingWithoutWork() {
        open("web", "lies");
        online("web", 1);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("without handing over work");
    }

    @Test
    void goesOfflineEvenWhenTheCleanWayFails() {
        open("web", "does not stop");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        voice.forget();
        host.order(new ToMonitor.Offline("web", 1, "MOVE"));

        assertThat(voice.heard("web", HeldState.OFFLINE).detail()).contains("terminated", "it ignores TERM");
    }

    @Test
    void opensAgainWithNewerSettingsOnceOffline() {
        open("web", "");
        var newer = spec("web", "throws");
        host.order(new ToMonitor.Open(
                new ResourceSpec("web", "group", "played", newer.properties(), List.of(), 0, 0, 0, 0, 2)));
        voice.heard(held -> held.specRevision() == 2 && held.state() == HeldState.OFFLINE, "revision 2");

        assertThat(type.calls).containsExactly("open web", "close web", "open web");
    }

    @Test
    void stopsDependentsBeforeTheirProviders() throws Exception {
        for (var name : List.of("disk", "database", "web")) {
            open(name, "", name.equals("database") ? "disk" : name.equals("web") ? "database" : "none");
            online(name, 1);
            voice.heard(name, HeldState.ONLINE);
        }
        var stopped = host.stop(Reason.SERVICE_LOST);

        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(type.calls)
                .containsSubsequence(
                        "offline web SERVICE_LOST", "offline database SERVICE_LOST", "offline disk SERVICE_LOST");
    }

    @Test
    void adoptsWhatTheMonitorBeforeItLeftRunning() throws Exception {
        open("web", "");
        online("web", 4);
        long before = voice.heard("web", HeldState.ONLINE).sequence();
        voice.forget();
        replaceHost();
        host.order(new ToMonitor.Open(spec("web", "")));
        var held = voice.heard("web", HeldState.ONLINE);

        assertThat(held.detail()).startsWith("adopted");
        assertThat(held.attempt()).isEqualTo(4);
        assertThat(held.sequence()).isGreaterThan(before);
        assertThat(type.calls).containsSubsequence("online web", "open web recovered", "isAlive web");
        assertThat(type.calls.stream().filter("online web"::equals)).hasSize(1);
    }

    @Test
    void failsWhatItCannotAdopt() throws Exception {
        open("web", "");
        online("web", 4);
        voice.heard("web", HeldState.ONLINE);
        voice.forget();
        type.health.put("web", Health.dead("no such process"));
        replaceHost();
        host.order(new ToMonitor.Open(spec("web", "")));
        var held = voice.heard("web", HeldState.FAILED);

        assertThat(held.detail()).contains("monitor before this one died", "no such process");
        assertThat(held.attempt()).isEqualTo(4);
        assertThat(type.calls).endsWith("isAlive web", "terminate web");
    }

    @Test
    void failsWhatWasStillComingOnline() throws Exception {
        open("web", "pending");
        online("web", 2);
        voice.heard("web", HeldState.ONLINE_PENDING);
        awaitWaiting(3);
        voice.forget();
        replaceHost();
        host.order(new ToMonitor.Open(spec("web", "")));

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("coming online");
        assertThat(type.calls).endsWith("open web recovered", "terminate web");
    }

    @Test
    void terminatesWhatAnUnreadableRecordMayStandFor() throws Exception {
        Files.write(directory.resolve("records/web.record"), new byte[] {1, 2, 3});
        replaceHost();
        host.order(new ToMonitor.Open(spec("web", "")));
        voice.said("cannot be read");
        voice.heard("web", HeldState.OFFLINE);

        assertThat(type.calls).containsExactly("endAll web", "open web", "terminate web");
    }

    @Test
    void endsWhatNobodyOpenedWhenItStops() throws Exception {
        open("web", "");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        replaceHost();

        assertThat(host.stop(Reason.SERVICE_LOST).await(20, TimeUnit.SECONDS)).isTrue();
        // terminated while it is opened, or found alive and taken offline: what comes first
        assertThat(type.calls).contains("open web recovered");
        assertThat(type.calls).last().asString().matches("terminate web|offline web SERVICE_LOST");
        assertThat(directory.resolve("records/web.record")).doesNotExist();
    }

    @Test
    void closesWhatIsOnlineByTerminatingIt() {
        open("web", "");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        host.order(new ToMonitor.Close("web", "DELETED"));
        voice.said("closed web");

        assertThat(type.calls).endsWith("terminate web", "close web");
        assertThat(directory.resolve("records/web.record")).doesNotExist();
    }

    @Test
    void opensAtOnceWhatItHasJustSaidToBeClosed() {
        open("web", "");
        voice.forget();
        voice.whenClosed = () -> {
            voice.whenClosed = () -> {};
            host.order(new ToMonitor.Open(spec("web", "")));
        };

        host.order(new ToMonitor.Close("web", "REQUESTED"));

        voice.heard("web", HeldState.OFFLINE);
        assertThat(type.calls).containsExactly("open web", "close web", "open web");
        assertThat(host.inventory().held()).hasSize(1);
    }

    @Test
    void endsWhatIsLeftBeforeItSaysThatItCannotOpenIt() throws Exception {
        open("web", "");
        online("web", 4);
        voice.heard("web", HeldState.ONLINE);
        voice.forget();
        type.calls.clear();
        replaceHost();
        host.order(new ToMonitor.Open(spec("web", "fails to open")));

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("cannot open");
        assertThat(type.calls).containsExactly("open web recovered", "endAll web");
        assertThat(directory.resolve("records/web.record")).doesNotExist();

        online("web", 5);
        voice.heard(held -> held.state() == HeldState.FAILED && held.attempt() == 5, "second failure to open");
        assertThat(type.calls).containsExactly("open web recovered", "endAll web", "open web", "endAll web");
    }

    @Test
    void endsWhatIsLeftOfATypeThatItDoesNotKnow() {
        host.order(new ToMonitor.Open(new ResourceSpec("web", "group", "procss", Map.of(), List.of(), 0, 0, 0, 0, 1)));
        voice.heard("web", HeldState.FAILED);

        assertThat(type.calls).containsExactly("endAll web");
    }

    @Test
    void endsWhatAServiceThatKnowsWhatItWantsDoesNotOpen() throws Exception {
        open("web", "");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        Files.write(directory.resolve("records/api.record"), new byte[] {1, 2, 3});
        type.calls.clear();
        replaceHost();
        host.order(STARTED);
        time.pass(Host.UNOPENED_MILLIS);
        voice.said("closed web");
        voice.said("api its record cannot be read: what ran of it was ended");

        assertThat(type.calls).contains("endAll api").containsSubsequence("open web recovered", "terminate web");
        assertThat(directory.resolve("records/web.record")).doesNotExist();
        assertThat(directory.resolve("records/api.record")).doesNotExist();
    }

    @Test
    void endsNothingWhileNoServiceKnowsWhatItWants() throws Exception {
        open("web", "");
        online("web", 1);
        voice.heard("web", HeldState.ONLINE);
        type.calls.clear();
        replaceHost();
        host.order(new ToMonitor.Starting(1, false, false, "n1"));
        time.pass(10 * Host.UNOPENED_MILLIS);
        host.order(STARTED);
        host.serviceLost();
        time.pass(10 * Host.UNOPENED_MILLIS);

        assertThat(type.calls).isEmpty();
        assertThat(directory.resolve("records/web.record")).exists();
    }

    @Test
    void endsWhatAnUnreadableRecordMayStandForBeforeItHasStopped() throws Exception {
        Files.write(directory.resolve("records/web.record"), new byte[] {1, 2, 3});
        replaceHost();

        assertThat(host.stop(Reason.SHUTDOWN).await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(type.calls).containsExactly("endAll web");
    }

    @Test
    void bringsNothingOnlineWhoseRecordCannotBeWritten() throws Exception {
        open("web", "");
        Files.createSymbolicLink(directory.resolve("records/web.record.default.tmp"), Path.of("/dev/full"));
        online("web", 1);

        assertThat(voice.heard("web", HeldState.FAILED).detail())
                .contains("adoption record cannot be written", "No space left on device", "Make room on the disk");
        assertThat(type.calls).containsExactly("open web", "terminate web");
    }

    @Test
    void failsAnOnlineWhoseAdoptionRecordCannotBeWritten() throws Exception {
        open("web", "fills the disk");
        type.whileOnline = () ->
                Files.createSymbolicLink(directory.resolve("records/web.record.default.tmp"), Path.of("/dev/full"));
        online("web", 1);

        assertThat(voice.heard("web", HeldState.FAILED).detail())
                .startsWith("bringing 'web' online: its adoption record cannot be written")
                .contains("No space left on device");
        assertThat(type.calls).containsSubsequence("online web", "terminate web");
    }
}
