package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mainstay.linux.ProcessTable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Supervision by a user to whom nothing is allowed.
class OrdinaryUserIT {
    @Test
    void endsItsTreesAndIsToldWhyItCannotBecomeAnother() throws Exception {
        assumeTrue(ProcessTable.userId() == 0, "just root may become nobody for this test");
        var directory = Files.createTempDirectory(Path.of("/tmp"), "ms");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        copyClasses(directory);
        try {
            var output = runAsNobody(directory);

            assertThat(output)
                    .contains("alive true")
                    .contains("left 0")
                    .contains("just root may start processes as somebody else");
        } finally {
            new ProcessBuilder("rm", "-r", directory.toString()).start().waitFor();
        }
    }

    private static String runAsNobody(Path directory) throws IOException, InterruptedException {
        var process = new ProcessBuilder(List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nogroup",
                        "--clear-groups",
                        "--",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        directory.resolve("classes") + File.pathSeparator + directory.resolve("jars") + "/*",
                        OrdinaryUserProgram.class.getName(),
                        directory.toString()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /// The build's folders may lie below a home that nobody else may enter.
    private static void copyClasses(Path directory) throws IOException, InterruptedException {
        var ours = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.contains("/target/"))
                .collect(Collectors.partitioningBy(path -> path.endsWith(".jar")));
        var folders = ours.getOrDefault(false, List.of()).stream().map(path -> path + "/.");
        copy(folders, directory.resolve("classes"));
        copy(ours.getOrDefault(true, List.of()).stream(), directory.resolve("jars"));
    }

    private static void copy(Stream<String> from, Path target) throws IOException, InterruptedException {
        Files.createDirectory(target);
        var command = new ArrayList<>(List.of("cp", "-r", "-t", target.toString()));
        int options = command.size();
        from.forEach(command::add);
        if (command.size() > options) {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .isZero();
        }
    }
}
