package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "données größer 日本語 🦊", "100 % of \"it\" \\ C:\\x1b"})
    void leavesPrintableTextAsItIs(String text) {
        assertThat(PlainText.oneLine(text)).isEqualTo(text);
        assertThat(PlainText.lines(text)).isEqualTo(text);
        assertThat(PlainText.marked(text)).isEqualTo(text);
    }

    @Test
    void writesOutWhatSteersATerminal() {
        assertThat(PlainText.oneLine("\u001b]0;owned\u0007 \u009b2J \u0000 \u007f"))
                .isEqualTo("\\x1b]0;owned\\x07 \\x9b2J \\x00 \\x7f");
    }

    @Test
    void writesOutWhatHidesOrTurnsTextAround() {
        assertThat(PlainText.oneLine("a\u202eb\u200bc\ufeffd\u2066e"))
                .isEqualTo("a\\u{202e}b\\u{200b}c\\u{feff}d\\u{2066}e");
        assertThat(PlainText.lines("half \ud800 pair")).isEqualTo("half \\u{d800} pair");
    }

    @Test
    void joinsLinesWhereOnlyOneFits() {
        assertThat(PlainText.oneLine(" one \r\n  two\n\nthree\u2028four\u0085five\n"))
                .isEqualTo("one / two / three / four / five");
    }

    @Test
    void marksEachFurtherLineOfALog() {
        assertThat(PlainText.marked("no disk\n12:00:00.000 INFO  all is well\r\n\tat x\rWARN\n"))
                .isEqualTo("no disk\n    | 12:00:00.000 INFO  all is well\n    | \tat x\\x0dWARN");
    }

    @Test
    void keepsOtherEndsOfLinesFromPassingForNewLines() {
        assertThat(PlainText.marked("a\u2028b\u2029c\u0085d\u000be\u000cf"))
                .isEqualTo("a\\u{2028}b\\u{2029}c\\x85d\\x0be\\x0cf");
    }

    @Test
    void escapesInJsonWhatJsonMayHold() {
        assertThat(PlainText.json("{\n\t\"a\": \"\u009b2J\u202e\ud83e\udd8a é\"\n}"))
                .isEqualTo("{\n\t\"a\": \"\\u009b2J\\u202e\ud83e\udd8a é\"\n}");
    }
}
