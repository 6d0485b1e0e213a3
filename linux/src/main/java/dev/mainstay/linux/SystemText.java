package dev.mainstay.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the system says, which need not be UTF-8: names of files and mounts are bytes to the kernel.
public final class SystemText {
    private SystemText() {}

    /// The lines of a file; a byte that is no UTF-8 shows as `\xE9`.
    ///
    /// **Errors:** [IOException] when it cannot be read; no byte in it is one.
    public static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }

    /// The content of a file; a byte that is no UTF-8 shows as `\xE9`.
    public static String read(Path file) throws IOException {
        return decoded(Files.readAllBytes(file));
    }

    /// The bytes as text; one that is no UTF-8 shows as `\xE9`.
    public static String decoded(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var text = new StringBuilder();
        var out = CharBuffer.allocate(bytes.length + 1);
        while (true) {
            var result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append("\\x%02X".formatted(in.get() & 0xFF));
            }
        }
    }
}
