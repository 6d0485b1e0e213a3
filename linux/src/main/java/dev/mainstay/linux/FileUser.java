package dev.mainstay.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A process that uses a file below some folder, and with it keeps that folder from being unmounted.
///
/// Only links of `/proc` are read, never the files themselves: they may be on a file server that is silent.
///
/// @param startTicks its start time; with the pid it names one process for ever
/// @param use what it does with which file, such as `has '/srv/log' open`
public record FileUser(long pid, long startTicks, String name, String use) {
    /// Every process that uses something in that folder or below.
    public static List<FileUser> of(Path folder) {
        var holders = new ArrayList<FileUser>();
        for (var process : ProcessTable.all()) {
            use(ProcessTable.view(process.pid()), folder.toString())
                    .ifPresent(use -> holders.add(
                            new FileUser(process.pid(), process.startTicks(), ProcessTable.name(process.pid()), use)));
        }
        return holders;
    }

    /// In words for the operator.
    public String words() {
        return "process %d (%s) %s".formatted(pid, name, use);
    }

    private static Optional<String> use(Path process, String folder) {
        return link(process.resolve("cwd"), folder)
                .map("works in '%s'"::formatted)
                .or(() -> link(process.resolve("root"), folder).map("has its root at '%s'"::formatted))
                .or(() -> link(process.resolve("exe"), folder).map("runs '%s'"::formatted))
                .or(() -> open(process, folder).map("has '%s' open"::formatted))
                .or(() -> mapped(process, folder).map("has '%s' mapped"::formatted));
    }

    private static Optional<String> open(Path process, String folder) {
        try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var descriptor : descriptors) {
                var file = link(descriptor, folder);
                if (file.isPresent()) {
                    return file;
                }
            }
            return Optional.empty();
        } catch (IOException | DirectoryIteratorException ended) {
            return Optional.empty();
        }
    }

    private static Optional<String> mapped(Path process, String folder) {
        try {
            var maps = SystemText.read(process.resolve("maps"));
            return maps.lines()
                    .filter(line -> line.indexOf('/') > 0)
                    .map(line -> line.substring(line.indexOf('/')))
                    .filter(file -> below(file, folder))
                    .findFirst();
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private static Optional<String> link(Path link, String folder) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString()).filter(file -> below(file, folder));
        } catch (IOException endedOrHidden) {
            return Optional.empty();
        }
    }

    private static boolean below(String file, String folder) {
        return file.equals(folder) || file.startsWith(folder + "/");
    }
}
