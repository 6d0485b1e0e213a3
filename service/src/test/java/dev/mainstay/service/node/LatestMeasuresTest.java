package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.protocol.ToService.Measures.Spread;
import dev.mainstay.service.http.MonitorDesk.Measured;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LatestMeasuresTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final Map<String, CompletableFuture<Measures>> answers = new HashMap<>();
    private Instant now = NOON;
    private long nanos;
    private final LatestMeasures latest = new LatestMeasures(
            (monitor, _) -> answers.getOrDefault(monitor, new CompletableFuture<>()), () -> now, () -> nanos);

    @Test
    void tellsOfAMonitorThatFailsToAnswerWhatItSaidBefore() throws InterruptedException {
        answers.put("default", CompletableFuture.completedFuture(measures(7)));
        assertThat(latest.of(List.of("default")))
                .containsExactly(new Measured("default", NOON, Duration.ZERO, true, measures(7)));

        now = NOON.minusSeconds(3_600);
        nanos = 5_000_000_000L;
        answers.put("default", CompletableFuture.failedFuture(new IllegalStateException("not connected")));

        assertThat(latest.of(List.of("default")))
                .as("its age, though the wall clock was set back")
                .containsExactly(new Measured("default", NOON, Duration.ofSeconds(5), false, measures(7)));
    }

    @Test
    void waitsForASilentMonitorNoLongerThanForAllAndTellsTheOthers() throws InterruptedException {
        answers.put("other", CompletableFuture.completedFuture(measures(1)));

        long begun = System.nanoTime();
        assertThat(latest.of(List.of("hanging", "other", "silent")))
                .extracting(Measured::monitor)
                .containsExactly("other");

        assertThat(System.nanoTime() - begun)
                .isGreaterThanOrEqualTo(LatestMeasures.ANSWER_LIMIT.toNanos())
                .isLessThan(2 * LatestMeasures.ANSWER_LIMIT.toNanos());
    }

    @Test
    void forgetsAMonitorThatIsNoMore() throws InterruptedException {
        answers.put("gone", CompletableFuture.completedFuture(measures(1)));
        latest.of(List.of("gone"));
        latest.of(List.of());
        answers.clear();

        assertThat(latest.of(List.of("gone"))).isEmpty();
    }

    private static Measures measures(long polls) {
        return new Measures(1, List.of(), List.of(), new Spread(1, 2, 3, 4, 5), polls);
    }
}
