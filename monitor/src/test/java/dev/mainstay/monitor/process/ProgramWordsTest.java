package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.LastingFailure;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramWordsTest {
    @Test
    void takesTheLongestWordOfTheKernelAndNoLonger() {
        var longest = "x".repeat(ProgramWords.BYTES_MAX);

        assertThatCode(() -> ProgramWords.check("web", List.of("/bin/echo", longest), Map.of()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ProgramWords.check("web", List.of("/bin/echo", longest + "x"), Map.of()))
                .isInstanceOf(LastingFailure.class)
                .hasMessageContaining("argument 1 is 131072 bytes long, and the kernel takes 131071");
    }

    @Test
    void refusesManyWordsThatAreTooLongTogether() {
        // 6 MiB whatever the stack: 64 of nearly 128 KiB are more
        var words = Collections.nCopies(64, "x".repeat(ProgramWords.BYTES_MAX));

        assertThatThrownBy(() -> ProgramWords.check("web", words, Map.of()))
                .isInstanceOf(LastingFailure.class)
                .hasMessageContaining("bytes long together, and the kernel takes");
    }

    @ParameterizedTest
    @CsvSource({"8388608, 2097152", "65536, 131072", "1073741824, 6291456"})
    void theyMayFillAQuarterOfTheStack(long stack, long bytes) {
        assertThat(ProgramWords.allBytesMax(stack)).isEqualTo(bytes);
    }
}
