package dev.mainstay.cli.run;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The manifest as a file; what stands in it is the cluster service's to judge.
public final class ManifestFile {
    private ManifestFile() {}

    /// The folder the file is in, absolute.
    public static String directory(String file) {
        var parent = Path.of(file).toAbsolutePath().normalize().getParent();
        return parent == null ? "/" : parent.toString();
    }

    /// The bytes of a manifest.
    public static byte[] read(String file, String asked) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException missing) {
            throw unreadable(file, asked, "there is no such file");
        } catch (IOException trouble) {
            throw unreadable(
                    file,
                    asked,
                    Files.isDirectory(Path.of(file))
                            ? "it is a directory"
                            : "it cannot be read: " + trouble.getMessage());
        }
    }

    private static ClusterException unreadable(String file, String asked, String why) {
        return new ClusterException(
                ErrorCode.BAD_INPUT,
                "cannot " + asked + " '" + file + "': " + why + ".",
                "Name a manifest (YAML) that you may read.");
    }
}
