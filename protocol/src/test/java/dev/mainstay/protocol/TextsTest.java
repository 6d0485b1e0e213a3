package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void leavesATextAtTheLimitAndCutsOneThatIsACharacterLonger() {
        assertThat(Texts.cut("x".repeat(Limits.TEXT), Limits.TEXT)).isEqualTo("x".repeat(Limits.TEXT));
        assertThat(Texts.cut("x".repeat(Limits.TEXT + 1), Limits.TEXT))
                .hasSize(Limits.TEXT)
                .startsWith("xxx")
                .endsWith(" ... (cut: 4001 characters, at most 4000 are kept)");
    }

    @Test
    void neverKeepsHalfACharacter() {
        var cut = Texts.cut("\uD83D\uDCBE".repeat(200), 101);

        assertThat(cut.codePoints().noneMatch(one -> one >= 0xd800 && one <= 0xdfff))
                .isTrue();
    }

    @Test
    void takesWhatAHostileExceptionSays() {
        assertThat(Texts.of(new Hostile())).contains("Hostile", "getMessage threw java.lang.IllegalStateException");
        assertThat(Texts.frames(new Hostile())).isEmpty();
        assertThat(Texts.trace(new Hostile(), 1_000)).contains("Hostile");
    }

    @Test
    void followsCausesThatLeadInACircleOnce() {
        var first = new IllegalStateException("first");
        var second = new IllegalArgumentException("second", first);
        first.initCause(second);

        assertThat(Texts.trace(first, 100_000))
                .contains("IllegalStateException: first", "caused by java.lang.IllegalArgumentException: second")
                .contains("its causes lead in a circle");
    }

    @Test
    void cutsTheWordsOfAnExceptionAndItsTrace() {
        var huge = new IllegalStateException("x".repeat(9 << 20));

        assertThat(Texts.of(huge).length()).isLessThanOrEqualTo(Limits.TEXT);
        assertThat(Texts.trace(huge, Limits.LOG_LINE).length()).isLessThanOrEqualTo(Limits.LOG_LINE);
    }

    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no");
        }

        @Override
        @SuppressWarnings("NullAway") // that is the hostile part of it
        public StackTraceElement[] getStackTrace() {
            return null;
        }
    }
}
