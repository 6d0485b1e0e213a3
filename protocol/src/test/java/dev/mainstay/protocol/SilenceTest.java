package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.Silence.Finding;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final Instant BEGAN = Instant.parse("2026-11-29T12:00:00Z");
    private static final long PERIOD = 1_000_000_000;

    private final Silence silence =
            new Silence(new Silence.Rule(Duration.ofSeconds(1), Duration.ofSeconds(10)), 0, BEGAN);

    @Test
    void isSilentAfterTheThirdBeatWithoutAnAnswerAndOverAfterTheLimit() {
        assertThat(silence.look(PERIOD)).isEqualTo(Finding.HEARD);
        assertThat(silence.look(2 * PERIOD)).isEqualTo(Finding.HEARD);
        assertThat(silence.look(3 * PERIOD)).isEqualTo(Finding.SILENT);
        for (int i = 4; i <= 10; i++) {
            assertThat(silence.look(i * PERIOD)).isEqualTo(Finding.SILENT);
        }
        assertThat(silence.look(11 * PERIOD)).isEqualTo(Finding.OVER);
        assertThat(silence.heardAt()).isEqualTo(BEGAN);
    }

    @Test
    void oneAnswerEndsTheSilence() {
        for (int i = 1; i <= 5; i++) {
            silence.look(i * PERIOD);
        }
        silence.heard(BEGAN.plusSeconds(5));

        assertThat(silence.look(6 * PERIOD)).isEqualTo(Finding.HEARD);
        assertThat(silence.heardAt()).isEqualTo(BEGAN.plusSeconds(5));
    }

    @Test
    void whoWasAwayHimselfDoesNotBlameTheOther() {
        silence.look(PERIOD);
        silence.heard(BEGAN.plusSeconds(1));

        assertThat(silence.look(600 * PERIOD)).isEqualTo(Finding.HEARD);
        assertThat(silence.lasted()).isEqualTo(Duration.ofSeconds(2));
    }
}
