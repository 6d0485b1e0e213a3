package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemTextTest {
    @TempDir
    Path directory;

    @Test
    void showsAByteThatIsNoUtf8AndReadsTheRest() {
        var latin1 = "données 日本 ".getBytes(StandardCharsets.UTF_8);
        var bytes = new byte[latin1.length + 3];
        System.arraycopy(latin1, 0, bytes, 0, latin1.length);
        bytes[latin1.length] = (byte) 0xE9;
        bytes[latin1.length + 1] = 'x';
        // begins a character that never ends
        bytes[latin1.length + 2] = (byte) 0xC3;

        assertThat(SystemText.decoded(bytes)).isEqualTo("données 日本 \\xE9x\\xC3");
    }

    @Test
    void readsEveryLineOfAFileWhateverBytesAreInOne() throws Exception {
        var file = Files.write(directory.resolve("mounts"), "a\nb\351\nc\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(SystemText.lines(file)).containsExactly("a", "b\\xE9", "c");
    }
}
