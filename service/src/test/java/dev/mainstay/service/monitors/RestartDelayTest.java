package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartDelayTest {
    private final RestartDelay delay = new RestartDelay();

    @Test
    void startsAgainAtOnceThenEverLaterUpToTheLongestWait() {
        var waits = IntStream.range(0, 9)
                .mapToObj(second ->
                        delay.afterCrash(at(Duration.ofSeconds(second)), false).toSeconds())
                .toList();

        assertThat(waits).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void makesAMonitorWaitThatLivesAWhileEachTime() {
        var waits = IntStream.range(0, 5)
                .mapToObj(time -> delay.afterCrash(at(Duration.ofMinutes(5L * time)), false)
                        .toSeconds())
                .toList();

        assertThat(waits).containsExactly(0L, 1L, 2L, 4L, 8L);
    }

    @Test
    void forgetsCrashesAfterTheWindow() {
        delay.afterCrash(at(Duration.ZERO), false);
        delay.afterCrash(at(Duration.ofSeconds(1)), false);
        long later = at(RestartDelay.WINDOW.plusSeconds(2));

        assertThat(delay.crashes(later)).isZero();
        assertThat(delay.afterCrash(later, false)).isZero();
    }

    @Test
    void letsNobodyWaitForACauseThatGoesElsewhere() {
        delay.afterCrash(at(Duration.ZERO), true);

        assertThat(delay.afterCrash(at(Duration.ofSeconds(1)), true)).isZero();
        assertThat(delay.crashes(at(Duration.ofSeconds(2)))).isEqualTo(2);
        assertThat(delay.afterCrash(at(Duration.ofSeconds(3)), false)).isZero();
    }

    private static long at(Duration time) {
        return time.toNanos();
    }
}
