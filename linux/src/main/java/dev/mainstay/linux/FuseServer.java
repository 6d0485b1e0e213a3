package dev.mainstay.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A process that serves a FUSE file system: whoever uses a file of it waits for this process.
///
/// @param startTicks its start time; with the pid it names one process for ever
public record FuseServer(long pid, long startTicks) {
    private static final String TYPE = "fuse";
    private static final String NUMBERS = "0:";
    private static final String CONNECTION = "fuse_connection:";

    /// Whether a process serves that mount, and not the kernel itself.
    public static boolean serves(Mount mount) {
        return mount.type().startsWith(TYPE);
    }

    /// Those who serve the mount. None is found where the kernel does not tell which connection a process
    /// holds; Linux 6.18 does.
    public static List<FuseServer> of(Mount mount) {
        if (!serves(mount) || !mount.device().startsWith(NUMBERS)) {
            return List.of();
        }
        var connection = mount.device().substring(NUMBERS.length());
        return ProcessTable.all().stream()
                .filter(process -> holds(ProcessTable.view(process.pid()), connection))
                .map(process -> new FuseServer(process.pid(), process.startTicks()))
                .toList();
    }

    /// Whether it has not ended.
    public boolean alive() {
        return ProcessTable.alive(pid, startTicks);
    }

    /// In words for the operator.
    public String words() {
        var state = ProcessTable.spokesman(pid).map(ProcessTable.Entry::state);
        return "its FUSE server, process %d (%s), is %s"
                .formatted(
                        pid,
                        ProcessTable.name(pid),
                        state.map(FuseServer::words).orElse("gone"));
    }

    private static String words(char state) {
        return switch (state) {
            case 'T', 't' -> "stopped (state %s)".formatted(state);
            default -> "in state " + state;
        };
    }

    private static boolean holds(Path process, String connection) {
        try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).endsWith(TYPE)
                        && connection(process.resolve("fdinfo").resolve(descriptor.getFileName()))
                                .equals(Optional.of(connection))) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException endedOrHidden) {
            return false;
        }
    }

    private static Optional<String> connection(Path information) throws IOException {
        return SystemText.lines(information).stream()
                .filter(line -> line.startsWith(CONNECTION))
                .map(line -> line.substring(CONNECTION.length()).strip())
                .findFirst();
    }
}
