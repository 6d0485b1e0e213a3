package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.Limits;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.ResourceFailure;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void cutsAMessageThatHasNoEndAndSaysSo() {
        assertThat(Words.of(new ResourceFailure("x".repeat(9 << 20))))
                .hasSize(Limits.TEXT)
                .endsWith("(cut: 9437184 characters, at most 4000 are kept)");
    }

    @Test
    void takesWhatAFailureSaysWhoseOwnMethodsThrow() {
        assertThat(Words.of(new HostileFailure())).contains("getMessage threw java.lang.IllegalStateException");
    }

    @Test
    void cutsTheEvidenceOfACheck() {
        assertThat(Words.judged(Health.dead("x".repeat(Limits.TEXT + 1))))
                .isInstanceOfSatisfying(
                        Health.Dead.class, dead -> assertThat(dead.evidence()).hasSize(Limits.TEXT));
    }

    private static final class HostileFailure extends ResourceFailure {
        private static final long serialVersionUID = 1;

        HostileFailure() {
            super("never read");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }
}
