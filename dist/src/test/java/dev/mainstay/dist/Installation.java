package dev.mainstay.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A folder with the real launcher, empty libraries and stand-ins for JDKs, to see what the launcher does.
///
/// A stand-in's `java` prints its arguments, one a line.
final class Installation {
    /// Nothing the launcher does here takes a second; a loaded machine gets this many.
    private static final long LIMIT_SECONDS = 30;

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    Installation(Path folder) throws IOException {
        this.folder = folder;
        for (var process : List.of("cli", "service", "monitor")) {
            write("product/lib/" + process + "/b.jar", "");
            write("product/lib/" + process + "/a.jar", "");
        }
        write("product/build-id", "build-1\n");
        var launcher = Files.readString(SourceTree.root().resolve("mainstay"));
        // The JDKs of the machine are out of sight: what is found must not depend on it.
        executable("product/bin/mainstay", launcher.replace("/usr/lib/jvm/", folder.resolve("jvm") + "/"));
        Files.createDirectories(folder.resolve("user"));
        environment.put("HOME", folder.resolve("user").toString());
        environment.put("PATH", folder.resolve("tools") + ":/usr/bin:/bin");
        environment.put("MAINSTAY_CACHES", "off");
        // The machine's own /usr/bin/java would be found in PATH: one that is too old stands before it.
        jdk("old", "17.0.9");
        Files.createDirectories(folder.resolve("tools"));
        Files.createSymbolicLink(folder.resolve("tools/java"), folder.resolve("old/bin/java"));
    }

    Path home() {
        return folder.resolve("product");
    }

    Path launcher() {
        return home().resolve("bin/mainstay");
    }

    Path path(String relative) {
        return folder.resolve(relative);
    }

    /// Makes a stand-in for a JDK.
    Path jdk(String name, String version) throws IOException {
        write(name + "/release", "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        executable(name + "/bin/java", """
                #!/bin/sh
                echo "jdk=%s"
                echo "locale=$LC_ALL given=$MAINSTAY_GIVEN_LC_ALL"
                printf '%%s\\n' "$@"
                """.formatted(name));
        executable(name + "/bin/javac", "#!/bin/sh\n");
        return folder.resolve(name);
    }

    Installation with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    void write(String relative, String text) throws IOException {
        var file = folder.resolve(relative);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void executable(String relative, String text) throws IOException {
        write(relative, text);
        Files.setPosixFilePermissions(folder.resolve(relative), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(launcher().toString()));
        line.addAll(List.of(arguments));
        return runLine(folder, line);
    }

    Ended runLine(Path workingDirectory, List<String> line) throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "out", "");
        var errors = Files.createTempFile(folder, "err", "");
        var builder = new ProcessBuilder(line)
                .directory(workingDirectory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("%s still runs after %d s; it printed %s %s"
                    .formatted(line, LIMIT_SECONDS, Files.readString(output), Files.readString(errors)));
        }
        return new Ended(process.exitValue(), Files.readAllLines(output), Files.readString(errors));
    }

    /// How a run of the launcher ended.
    record Ended(int exitCode, List<String> lines, String errors) {
        Ended {
            lines = List.copyOf(lines);
        }
    }
}
