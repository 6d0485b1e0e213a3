package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"0ms, 0", "250ms, 250", "5s, 5000", "5 s, 5000", "3min, 180000", "1h, 3600000", "2d, 172800000"})
    void readsTimeSpans(String text, long millis) {
        assertThat(Units.millis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"512B, 512", "64KiB, 65536", "10MiB, 10485760", "1GiB, 1073741824"})
    void readsSizes(String text, long bytes) {
        assertThat(Units.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5m", "5S", "1.5s", "5s s", "106751991168d", "99999999999999999999s"})
    void saysWhatATimeSpanLooksLike(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.millis(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("a time span such as 250ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10MB", "10 mib", "-1B", "9999999999GiB"})
    void saysWhatASizeLooksLike(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.bytes(text))
                .withMessageContaining("a size such as 512B");
    }
}
