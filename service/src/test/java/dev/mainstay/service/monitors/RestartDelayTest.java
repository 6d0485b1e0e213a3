package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartDelayTest {
    private final RestartDelay delay = new RestartDelay();

    @Test
    void startsAgainAtOnceThenEverLaterUpToTheLongestWait() {
        var waits = IntStream.range(0, 8)
                .mapToObj(_ -> delay.afterEnd(Duration.ofSeconds(1)).toSeconds())
                .toList();

        assertThat(waits).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void beginsAnewAfterAMonitorThatLasted() {
        delay.afterEnd(Duration.ZERO);
        delay.afterEnd(Duration.ZERO);

        assertThat(delay.afterEnd(RestartDelay.LASTING)).isZero();
    }
}
