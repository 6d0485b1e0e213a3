package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.record.Records;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.spi.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two monitors of one node share the records of its resources and never host the same one.
class TwoMonitorsTest {

    @TempDir
    Path data;

    private Monitor one;
    private Monitor other;

    /// One monitor with its own time, so that a test decides which of them is ahead.
    private record Monitor(String name, Host host, HandDrivenTime time, HeardVoice voice, PlayedType type) {
        void online(String resource, long attempt) {
            host.order(new ToMonitor.Open(spec(resource)));
            voice.heard(resource, HeldState.OFFLINE);
            host.order(new ToMonitor.Online(resource, 1, attempt, "REQUESTED"));
            voice.heard(resource, HeldState.ONLINE);
        }
    }

    @BeforeEach
    void start() throws IOException {
        one = monitor("default");
        other = monitor("own");
    }

    @AfterEach
    void end() throws IOException {
        one.host.close();
        other.host.close();
    }

    private Monitor monitor(String name) throws IOException {
        var time = new HandDrivenTime();
        var voice = new HeardVoice();
        var type = new PlayedType();
        var host = new Host(new Host.Parts(
                new Host.Place(name, data, false),
                TypeSource.of(List.of(type)),
                (resource, _, _) -> new NoProcesses(() -> type.calls.add("endAll " + resource)),
                time,
                voice,
                incident -> type.calls.add(incident.summary())));
        return new Monitor(name, host, time, voice, type);
    }

    private static ResourceSpec spec(String name) {
        return new ResourceSpec(name, "group", "played", Map.of("play", List.of("")), List.of(), 0, 0, 0, 0, 1);
    }

    private String ownerOf(String resource) throws IOException {
        try (var records = new Records(data.resolve("records"), "reader")) {
            return records.find(resource).orElseThrow().record().orElseThrow().monitor();
        }
    }

    @Test
    void opensNothingThatTheOtherOneStillHosts() {
        one.online("web", 1);
        other.host.order(new ToMonitor.Open(spec("web")));
        other.voice.said("another monitor still hosts it");
        other.time.pass(10_000);

        assertThat(other.type.calls).isEmpty();
        assertThat(other.host.inventory().held()).isEmpty();
    }

    @Test
    void opensItOnceTheOtherOneHasClosedIt() {
        one.online("web", 1);
        other.host.order(new ToMonitor.Open(spec("web")));
        other.voice.said("another monitor still hosts it");
        one.host.order(new ToMonitor.Close("web", "MOVE"));
        one.voice.said("closed web");
        other.time.pass(Host.CLAIM_RETRY_MILLIS);

        other.voice.heard("web", HeldState.OFFLINE);
        assertThat(one.type.calls).endsWith("terminate web", "close web");
    }

    @Test
    void adoptsWhatADeadMonitorOfAnotherNameLeftAndMakesTheRecordItsOwn() throws IOException {
        one.online("web", 3);
        one.host.close();
        other.host.order(new ToMonitor.Open(spec("web")));
        var held = other.voice.heard("web", HeldState.ONLINE);

        assertThat(held.detail()).startsWith("adopted");
        assertThat(held.attempt()).isEqualTo(3);
        assertThat(ownerOf("web")).isEqualTo("own");
    }

    @Test
    void leavesAloneWhatAnotherMonitorTook() throws IOException {
        one.online("web", 1);
        one.host.close();
        var next = monitor("default");
        other.host.order(new ToMonitor.Open(spec("web")));
        other.voice.heard("web", HeldState.ONLINE);
        next.host.order(new ToMonitor.Starting(2, false, false, "n1"));
        next.time.pass(Host.UNOPENED_MILLIS);

        assertThat(next.type.calls).isEmpty();
        assertThat(ownerOf("web")).isEqualTo("own");
        next.host.close();
    }

    /// Also when the other one has died since: the record carries its name.
    @Test
    void leavesToItsNextProcessWhatAnotherMonitorTook() throws IOException {
        one.online("web", 1);
        one.host.close();
        var next = monitor("default");
        other.host.order(new ToMonitor.Open(spec("web")));
        other.voice.heard("web", HeldState.ONLINE);
        other.host.close();
        next.host.order(new ToMonitor.Starting(2, false, false, "n1"));
        next.time.pass(Host.UNOPENED_MILLIS);

        assertThat(next.type.calls).isEmpty();
        assertThat(data.resolve("records/web.record")).exists();
        next.host.close();
    }

    @Test
    void stopsNothingThatAnotherMonitorHosts() throws Exception {
        one.online("web", 1);
        Files.write(data.resolve("records/api.record"), new byte[] {1});
        var stopped = other.host.stop(Reason.SHUTDOWN);

        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(other.type.calls).containsExactly("endAll api");
        assertThat(ownerOf("web")).isEqualTo("default");
    }

    /// Both want what nobody has; whoever is first ends it, the other one opens it only after that.
    @Test
    void opensOnlyAfterTheOtherOneHasEndedWhatWasLeft() throws IOException {
        one.online("web", 1);
        one.host.close();
        var next = monitor("default");
        next.host.order(new ToMonitor.Starting(2, false, false, "n1"));
        next.time.pass(Host.UNOPENED_MILLIS);
        other.host.order(new ToMonitor.Open(spec("web")));
        next.voice.said("closed web");
        other.time.pass(Host.CLAIM_RETRY_MILLIS);

        assertThat(next.type.calls).contains("terminate web");
        assertThat(other.voice.heard("web", HeldState.OFFLINE).attempt()).isZero();
        next.host.close();
    }

    @Test
    void keepsTheUnfinishedRecordThatAnotherMonitorIsJustWriting() throws IOException {
        Files.write(data.resolve("records/web.record.default.tmp"), new byte[] {1});
        try (var records = new Records(data.resolve("records"), "reader")) {
            assertThat(records.load()).isEmpty();
        }

        assertThat(data.resolve("records/web.record.default.tmp")).exists();
    }

    @Test
    void endsACondemnedLeftoverAndCallsItFailed() throws IOException {
        one.online("web", 3);
        one.host.close();
        other.host.order(new ToMonitor.Open(spec("web"), "its isAlive hung", 0));
        var held = other.voice.heard("web", HeldState.FAILED);

        assertThat(held.detail()).isEqualTo("its isAlive hung");
        assertThat(held.attempt()).isEqualTo(3);
        assertThat(other.type.calls).containsExactly("endAll web", "open web recovered", "terminate web");
        assertThat(data.resolve("records/web.record")).doesNotExist();
    }

    @Test
    void callsACondemnedResourceFailedAlsoWhenNothingOfItWasLeft() {
        other.host.order(new ToMonitor.Open(spec("web"), "its open hung", 0));

        assertThat(other.voice.heard("web", HeldState.FAILED).detail()).isEqualTo("its open hung");
        assertThat(other.type.calls).containsExactly("endAll web", "open web", "terminate web");
    }

    /// The clock of this node was set back by a year while no monitor ran.
    @Test
    void reportsAboveTheSequenceThatTheServiceKnows() {
        long year = 365L * 86_400_000_000L;
        long known = other.time.micros() + year;
        other.host.order(new ToMonitor.Open(spec("web"), "", known));

        assertThat(other.voice.heard("web", HeldState.OFFLINE).sequence()).isGreaterThan(known);
    }
}
