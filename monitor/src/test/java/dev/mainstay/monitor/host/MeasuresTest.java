package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private final HandDrivenTime time = new HandDrivenTime();
    private final HeardVoice voice = new HeardVoice();
    private final Measures measures = new Measures(time, voice);

    private void ended(String type, String call, long micros) {
        measures.ended(new Incident.Call("web", type, call, 300_000), micros, "at there");
    }

    @Test
    void countsEachEntryPointOfEachTypeForItself() {
        ended("process", "online", 10_000);
        ended("process", "online", 20_000);
        ended("script", "online", 30_000);
        ended("process", "isAlive", 300_001);

        assertThat(measures.answer(9, List.of()).calls())
                .extracting(it -> it.type() + " " + it.call() + " " + it.count() + " " + it.slow())
                .containsExactly("process isAlive 1 1", "process online 2 0", "script online 1 0");
    }

    @Test
    void warnsOnceOfEachEntryPointOfEachType() {
        ended("process", "online", 300_001);
        voice.said("entry point 'online' of type 'process' took 300 ms");
        voice.forget();
        ended("process", "online", 900_000);
        ended("process", "online", 300_000);
        ended("process", "offline", 400_000);

        voice.said("entry point 'offline'");
        assertThat(voice.line("entry point 'online'")).isEmpty();
    }

    @Test
    void keepsTheLongestCallWithItsResourceAndStack() {
        ended("process", "online", 500_000);
        measures.ended(new Incident.Call("api", "process", "online", 1), 700_000, "at the other");
        ended("process", "online", 600_000);
        var measured = measures.answer(9, List.of()).calls().getFirst();

        assertThat(measured.slowestResource()).isEqualTo("api");
        assertThat(measured.slowestStack()).isEqualTo("at the other");
        assertThat(measured.slow()).isEqualTo(3);
    }

    @Test
    void tellsHowLateChecksBegan() {
        for (int late = 1; late <= 1_000; late++) {
            measures.polled(late);
        }
        var answer = measures.answer(9, List.of());

        assertThat(answer.polls()).isEqualTo(1_000);
        assertThat(answer.pollsLate().p50()).isBetween(495L, 505L);
        assertThat(answer.pollsLate().p999()).isBetween(990L, 1_007L);
    }
}
