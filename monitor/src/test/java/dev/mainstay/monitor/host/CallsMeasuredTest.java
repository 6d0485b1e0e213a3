package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a monitor tells of the calls it made and makes.
class CallsMeasuredTest {
    @TempDir
    Path directory;

    private final HandDrivenTime time = new HandDrivenTime();
    private final HeardVoice voice = new HeardVoice();
    private final PlayedType type = new PlayedType();
    private Host host;
    private long questions;

    @BeforeEach
    void start() throws IOException {
        host = AskedHost.hostOf(directory, type, time, voice, incident -> type.calls.add(incident.summary()));
        host.order(new ToMonitor.Open(new ResourceSpec(
                "web", "group", "played", Map.of("play", List.of("hangs")), List.of(), 0, 0, 0, 0, 1)));
        voice.heard("web", HeldState.OFFLINE);
        host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        awaitCall("online web");
    }

    @Test
    void measuresEveryCallAndTellsWhereTheSlowestStood() {
        time.pass(299);
        time.pass(101);
        type.released.countDown();
        voice.heard("web", HeldState.ONLINE);
        Eventually.until(
                "the call is measured",
                () -> measured("online").isPresent(),
                () -> measures().calls());

        var online = measured("online").orElseThrow();
        assertThat(online.count()).isEqualTo(1);
        assertThat(online.slow()).isEqualTo(1);
        assertThat(online.slowestResource()).isEqualTo("web");
        assertThat(online.durations().max()).isBetween(399_000L, 404_000L);
        assertThat(online.slowestStack()).contains("PlayedType");
        assertThat(measured("open").orElseThrow().slow()).isZero();
        assertThat(voice.said("took 400 ms")).contains("'online'", "'played'", "300 ms", "Operation.pending");
    }

    @Test
    void tellsWhichCallsAreUnderWay() {

        assertThat(measures().running()).singleElement().satisfies(call -> {
            assertThat(call.resource()).isEqualTo("web");
            assertThat(call.call()).isEqualTo("online");
        });
        type.released.countDown();
        voice.heard("web", HeldState.ONLINE);
    }

    private ToService.Measures measures() {
        long question = ++questions;
        host.order(new ToMonitor.AskMeasures(question));
        return voice.told(ToService.Measures.class, answer -> answer.id() == question);
    }

    private Optional<ToService.Measures.CallMeasure> measured(String call) {
        return measures().calls().stream()
                .filter(one -> one.call().equals(call))
                .findFirst();
    }

    private void awaitCall(String call) {
        Eventually.until(call, () -> type.calls.contains(call), () -> type.calls);
    }
}
