package dev.mainstay.monitor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A control group of version 2 for whatever a test runs in namespaces of its own; needs root.
///
/// Its end is the end of all processes in it, also of those that have left their parents.
final class PrivateControlGroup implements AutoCloseable {
    /// No test takes as long; whatever happens to the test, its first process is not left after this.
    private static final String LIFETIME_SECONDS = "280";

    private final Path folder;

    private PrivateControlGroup(Path folder) {
        this.folder = folder;
    }

    /// @param directory the folder of the test, which gives the name
    static PrivateControlGroup of(Path directory) throws IOException {
        return new PrivateControlGroup(unified().resolve("mainstay-test-" + directory.getFileName()));
    }

    /// Starts a script in this group, as the first process of new namespaces.
    ///
    /// @param namespaces options of unshare(1)
    /// @param arguments of the script after the folder of the test
    Process start(List<String> namespaces, Path script, Path directory, Path... arguments) throws IOException {
        var line = Stream.of(
                        Stream.of(
                                "sh",
                                "-c",
                                "mkdir \"$0\" && echo $$ >\"$0/cgroup.procs\" && exec \"$@\"",
                                folder.toString(),
                                "timeout",
                                "--foreground",
                                "-s",
                                "KILL",
                                LIFETIME_SECONDS,
                                "unshare",
                                "--cgroup"),
                        namespaces.stream(),
                        Stream.of("sh", script.toString(), directory.toString()),
                        Stream.of(arguments).map(Path::toString))
                .flatMap(words -> words)
                .toList();
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("console.log").toFile())
                .start();
    }

    /// Ends what runs in it, and removes it.
    @Override
    public void close() {
        Eventually.until("the control group is gone", this::remove, folder::toString);
    }

    private boolean remove() {
        try (var found = Files.find(folder, 20, (_, kind) -> kind.isDirectory())) {
            for (var group : found.sorted(Comparator.reverseOrder()).toList()) {
                for (var pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
                }
                Files.deleteIfExists(group);
            }
            return true;
        } catch (IOException stillUsed) {
            return !Files.exists(folder);
        }
    }

    private static Path unified() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cgroup2 is mounted on this machine"));
    }
}
