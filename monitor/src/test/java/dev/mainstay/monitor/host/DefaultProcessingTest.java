package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.Abilities.Characteristic;
import dev.mainstay.spi.ControlDescription.Origin;
import dev.mainstay.spi.ControlDescription.Target;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the monitor answers for a type that supports no control at all.
class DefaultProcessingTest {
    @TempDir
    Path directory;

    private final AskedType type = new AskedType(
            Abilities.NONE.ofClass("storage").requiring("network").being(Characteristic.VETO_DRAIN), true);
    private AskedHost rig;

    @AfterEach
    void stop() throws InterruptedException {
        rig.stop();
    }

    @BeforeEach
    void start() throws Exception {
        rig = new AskedHost(directory, type);
        rig.online("web");
    }

    private Map<String, List<String>> of(String code) {
        var answer = rig.ask("web", code);
        assertThat(answer.error()).isEmpty();
        return answer.output();
    }

    private Map<String, List<String>> ofType(String code) {
        var answer = rig.ask("", code);
        assertThat(answer.error()).isEmpty();
        return answer.output();
    }

    @Test
    void saysWhatTheTypeIs() {
        assertThat(of("get-characteristics"))
                .as("quorum-capable is what implements it")
                .containsEntry("characteristics", List.of("QUORUM_CAPABLE", "VETO_DRAIN"));
        assertThat(ofType("get-characteristics")).containsEntry("characteristics", List.of("VETO_DRAIN"));
        assertThat(of("get-flags")).containsEntry("flags", List.of());
        assertThat(of("get-class-info")).containsEntry("class", List.of("storage"));
        assertThat(of("get-required-dependencies")).containsEntry("requiredDependencies", List.of("network"));
        assertThat(of("get-name")).containsEntry("name", List.of("web"));
        assertThat(of("get-resource-type")).containsEntry("type", List.of("asked"));
        assertThat(of("query-delete")).containsEntry("allowed", List.of("true"));
    }

    @Test
    void knowsTheCommonProperties() {
        var names = List.of("looksAliveInterval", "isAliveInterval", "pendingTimeout", "deadlockTimeout");
        assertThat(of("enum-common-properties")).containsEntry("properties", names);
        assertThat(of("get-common-properties"))
                .containsEntry("looksAliveInterval", List.of("5s"))
                .containsEntry("isAliveInterval", List.of("1min"))
                .containsEntry("pendingTimeout", List.of("3min"))
                .containsEntry("deadlockTimeout", List.of("5min"));
        assertThat(of("get-common-property-formats").get("deadlockTimeout"))
                .contains("kind=DURATION", "minimum=1000", "applies=AT_ONCE");
        assertThat(of("get-ro-common-properties"))
                .containsEntry("group", List.of("group"))
                .containsEntry("state", List.of("ONLINE"))
                .containsEntry(
                        "monitorProcessId",
                        List.of(Long.toString(ProcessHandle.current().pid())));
        assertThat(rig.ask("web", "validate-common-properties", Map.of("deadlockTimeout", List.of("1ms")))
                        .error())
                .contains("common property 'deadlockTimeout' of every resource: 1 is not between");
        assertThat(ofType("get-common-properties")).containsEntry("pendingTimeout", List.of("3min"));
        assertThat(ofType("get-ro-common-properties")).containsEntry("spiVersion", List.of("1"));
    }

    @Test
    void knowsThePrivateProperties() {
        assertThat(of("enum-private-properties")).containsEntry("properties", List.of("atOnce", "level", "later"));
        assertThat(of("get-private-properties"))
                .containsEntry("later", List.of("a"))
                .containsEntry("level", List.of("5"))
                .containsEntry("atOnce", List.of());
        assertThat(of("get-private-property-formats").get("level"))
                .containsExactly(
                        "kind=INTEGER", "required=false", "applies=AT_ONCE", "default=5", "minimum=1", "maximum=9");
        assertThat(of("get-ro-private-properties")).isEmpty();
        type.context("web").publish("port", "80");
        Eventually.until(
                "the published value is told",
                () -> List.of("80").equals(of("get-ro-private-properties").get("port")),
                rig.host::inventory);
        assertThat(ofType("get-private-properties")).containsEntry("level", List.of("5"));
    }

    @Test
    void checksPrivatePropertiesWithTheWordsOfTheOpen() {
        var wrong = Map.of("level", List.of("ten"));
        var answer = rig.ask("web", "validate-private-properties", wrong);
        assertThat(answer.result()).isEqualTo(Result.FAILED);
        assertThat(answer.error()).isEqualTo("property 'level' of type 'asked': 'ten' is not a whole number.");
        assertThat(rig.ask("", "validate-private-properties", wrong).error()).isEqualTo(answer.error());
        assertThat(rig.ask("web", "validate-private-properties", Map.of("level", List.of("9")))
                        .result())
                .isEqualTo(Result.DONE);

        rig.host.order(new ToMonitor.Open(AskedHost.spec("api", 1, wrong)));
        assertThat(rig.voice.heard("api", HeldState.FAILED).detail()).contains(answer.error());
    }

    @Test
    void tellsTheProcessesOfTheAdoptionRecord() {
        assertThat(of("get-processes"))
                .containsEntry("processes", List.of("pid=7 startTicks=8 bootId=boot"))
                .containsEntry("controlGroup", List.of("/group"));
    }

    @Test
    void tellsTheLastFailureEvenAfterTheNextOnline() {
        assertThat(of("get-failure-info")).containsEntry("failures", List.of("false"));
        rig.host.order(new ToMonitor.Fail("web", "asked to"));
        rig.voice.heard("web", HeldState.FAILED);
        rig.host.order(new ToMonitor.Online("web", 1, 2, "RESTART"));
        rig.voice.heard(held -> held.state() == HeldState.ONLINE && held.attempt() == 2, "online again");

        assertThat(of("get-failure-info"))
                .containsEntry("failures", List.of("true"))
                .containsEntry("detail", List.of("asked to"))
                .containsEntry("attempt", List.of("1"));
        assertThat(of("get-state-change-time").get("changedAt"))
                .singleElement()
                .asString()
                .matches("2027-01-15T08:00:00.*Z");
    }

    @Test
    void tellsTheCallsUnderWayAndHowOftenTheTypeWasSlow() throws Exception {
        var leave = new CountDownLatch(1);
        type.deeds.put("isAlive", leave::await);
        Eventually.until(
                "isAlive runs",
                () -> {
                    rig.time.pass(60_001);
                    return type.calls.contains("isAlive web");
                },
                () -> type.calls);
        long id = rig.send("web", "get-failure-info", Map.of());
        leave.countDown();

        assertThat(rig.answer(id).output())
                .containsEntry("callsUnderWay", List.of())
                .containsKey("slowCallsOfType");
    }

    @Test
    void contestsForAQuorumDeviceByItsOwnEntryPoints() {
        assertThat(rig.ask("web", "arbitrate").result()).isEqualTo(Result.DONE);
        assertThat(type.calls).containsSubsequence("web arbitrate {}", "arbitrate");
        type.deeds.put("isAlive", () -> {
            throw new ResourceFailure("the device is gone");
        });
        type.defended.orElseThrow().accept("the reservation was taken");

        rig.voice.said("the defence of the quorum device failed: the reservation was taken");
        assertThat(rig.voice.heard("web", HeldState.FAILED).detail())
                .contains("the reservation was taken", "the device is gone");
        assertThat(rig.ask("web", "release").result()).isEqualTo(Result.DONE);
    }

    @Test
    void contestsForNothingWithATypeThatCannot() throws Exception {
        var plain = new AskedHost(directory.resolve("plain"), new AskedType());
        plain.open("web");

        var answer = plain.ask("web", "arbitrate");
        assertThat(answer.result()).isEqualTo(Result.NOT_SUPPORTED);
        assertThat(answer.error()).contains("'asked' is not quorum-capable");
        assertThat(plain.ask("web", "get-characteristics").output()).containsEntry("characteristics", List.of());
    }

    @Test
    void hasAnAnswerToEveryStandardControlThatAnybodyMayAsk() {
        for (var control : Controls.all()) {
            if (control.origin() == Origin.EXTERNAL) {
                var who = control.object() == Target.RESOURCE ? "web" : "";
                assertThat(rig.ask(who, control.code()).result())
                        .as(control.object() + " " + control.code())
                        .isEqualTo(Result.DONE);
            }
        }
    }
}
