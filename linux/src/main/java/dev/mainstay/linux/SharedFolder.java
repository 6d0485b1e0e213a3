package dev.mainstay.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;

/// Folders that everybody may enter, such as mount points. What our processes make otherwise is for their own user
/// alone, see [Given].
public final class SharedFolder {
    private SharedFolder() {}

    /// Makes the folder and those above that are missing; those that are there stay as they are.
    public static Path make(Path folder) throws IOException {
        var missing = new ArrayDeque<Path>();
        for (var at = folder.toAbsolutePath(); at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.push(at);
        }
        for (var one : missing) {
            Files.createDirectories(one);
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return folder;
    }
}
