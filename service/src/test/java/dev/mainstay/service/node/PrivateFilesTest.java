package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    Path directory;

    @Test
    void takesFromOthersWhatWasMadeWithAWideMode() throws Exception {
        var folder = Files.createDirectories(directory.resolve("monitors/default"));
        var lock = Files.createFile(folder.resolve("lock"));
        var deep = Files.createDirectories(directory.resolve("resources/web/deep"));
        var output = deep.resolve("output.log");
        Files.writeString(output, "secret");
        for (var open : new Path[] {directory, folder, deep}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rw-r--r--"));

        PrivateFiles.tighten(directory);

        assertThat(mode(directory)).isEqualTo("rwx------");
        assertThat(mode(folder)).isEqualTo("rwx------");
        assertThat(mode(lock)).isEqualTo("rw-------");
        assertThat(mode(deep)).isEqualTo("rwx------");
        assertThat(mode(output)).isEqualTo("rw-------");
    }

    @Test
    void leavesWhatALinkLeadsTo() throws Exception {
        var elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        var file = Files.createFile(elsewhere.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        var data = Files.createDirectories(directory.resolve("data"));
        Files.createSymbolicLink(data.resolve("link"), elsewhere);

        PrivateFiles.tighten(data);

        assertThat(mode(file)).isEqualTo("rw-r--r--");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
