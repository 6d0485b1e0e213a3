package dev.mainstay.monitor.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The list of files that may run: SHA-256 and path of each, as the command `sha256sum` writes and checks them.
final class Checksums {
    /// Name of the list in the folder of plugins.
    static final String FILE = "allowed";

    /// Longest list that is read, in bytes: ten thousand files.
    private static final long BYTES_MAX = 2 << 20;

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](\\S.*)");

    private Checksums() {}

    /// Reads the list of a folder, sums by path; empty when there is none.
    static SortedMap<String, String> read(Path folder) throws IOException, RefusedException {
        var file = folder.resolve(FILE);
        var sums = new TreeMap<String, String>();
        if (Files.notExists(file)) {
            return sums;
        }
        Rights.check(file);
        if (Files.size(file) > BYTES_MAX) {
            throw new RefusedException("'%s' has %d bytes: at most %d are read. Remove what is not needed."
                    .formatted(file, Files.size(file), BYTES_MAX));
        }
        int number = 0;
        for (var line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            var parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new RefusedException(
                        "'%s' line %d is not 'SHA-256  PATH'. Write it with:  cd %s && sha256sum PATH >>%s"
                                .formatted(file, number, folder, FILE));
            }
            sums.put(parts.group(2).strip(), parts.group(1).toLowerCase(java.util.Locale.ROOT));
        }
        return sums;
    }

    /// The list as text.
    static String text(Map<String, String> sums) {
        var text = new StringBuilder();
        sums.forEach((path, sum) -> text.append(sum).append("  ").append(path).append('\n'));
        return text.toString();
    }

    /// The SHA-256 of a file.
    static String of(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
