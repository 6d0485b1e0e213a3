package dev.mainstay.types.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WantedTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.10, 192.0.2.10",
        "::ffff:192.0.2.10, 192.0.2.10",
        "2001:DB8:0:0::0010, 2001:db8:0:0:0:0:0:10",
    })
    void oneAddressHasManySpellings(String written, String text) {
        assertThat(Wanted.literal(written).orElseThrow().getHostAddress()).isEqualTo(text);
    }

    /// What others read as octal, or as fewer parts, is no address of which everybody knows what is meant.
    @ParameterizedTest
    @ValueSource(strings = {"010.0.0.1", "192.0.2", "3221225994", "192.0.2.256", "1.2.3.4.5", "host", ""})
    void refusesIpv4ThatMeansDifferentThings(String written) {
        assertThat(Wanted.literal(written)).isEmpty();
    }
}
