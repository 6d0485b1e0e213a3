package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermittedTest {
    @Test
    void whatIsComputedWithHasItsBounds() {
        assertThatThrownBy(() -> new ToMonitor.Beat(1, 0, 10))
                .hasMessage("the period of beats is 0, permitted are 1 to 10");
        assertThatThrownBy(() -> new ToService.ControlExtended(1, Long.MAX_VALUE))
                .hasMessageStartingWith("the limit is 9223372036854775807, permitted are ");
        assertThatThrownBy(() -> new ToMonitor.Online("web", Long.MAX_VALUE, 1, "REQUESTED"))
                .hasMessageStartingWith("the epoch is ");
        assertThatCode(() -> new ToMonitor.Online("web", 1L << 62, -1, "REQUESTED"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "Web", "a\nb", "\u001b[2J"})
    void aResourceHasANameThatAFolderMayHave(String name) {
        assertThatThrownBy(() -> new ToService.Closed(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesThatSayMoreAreUnreadable() {
        var bytes = WireCodec.encode(ToMonitor.class, new ToMonitor.Beat(1, 1_000, 10_000));
        ByteBuffer.wrap(bytes).putLong(bytes.length - Long.BYTES, Long.MAX_VALUE);

        assertThatThrownBy(() -> WireCodec.decode(ToMonitor.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("the silence is 9223372036854775807");
    }
}
