package dev.mainstay.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// All mounts of one mount namespace at one moment, lower ones before what covers them.
public record MountTable(List<Mount> mounts) {
    private static final Path PROC = Path.of("/proc");

    /// A mount in a namespace that is not ours.
    ///
    /// @param pid a process of that namespace
    public record Elsewhere(long pid, Mount mount) {}

    /// Copies the list.
    public MountTable {
        mounts = List.copyOf(mounts);
    }

    /// The mounts this process sees.
    public static MountTable read() throws IOException {
        return read(PROC.resolve("self"));
    }

    /// The mount one meets at that path.
    public Optional<Mount> at(Path point) {
        return mounts.stream()
                .filter(mount -> mount.point().equals(point.toString()))
                .reduce((_, later) -> later);
    }

    /// The mount of that number.
    public Optional<Mount> numbered(int id) {
        return mounts.stream().filter(mount -> mount.id() == id).findFirst();
    }

    /// What is mounted directly inside of it.
    public List<Mount> inside(Mount outer) {
        return mounts.stream()
                .filter(mount -> mount.parent() == outer.id() && mount.id() != outer.id())
                .toList();
    }

    /// The first such mount of each other mount namespace of this node.
    public static List<Elsewhere> elsewhere(Predicate<Mount> such) throws IOException {
        var seen = new HashSet<String>();
        seen.add(namespace(PROC.resolve("self")).orElse(""));
        var found = new ArrayList<Elsewhere>();
        for (var process : ProcessTable.all()) {
            var folder = ProcessTable.view(process.pid());
            var namespace = namespace(folder);
            if (namespace.isPresent() && seen.add(namespace.get())) {
                try {
                    read(folder).mounts().stream()
                            .filter(such)
                            .map(mount -> new Elsewhere(process.pid(), mount))
                            .findFirst()
                            .ifPresent(found::add);
                } catch (IOException ended) {
                    // another process of that namespace may come later
                    seen.remove(namespace.get());
                }
            }
        }
        return found;
    }

    private static MountTable read(Path process) throws IOException {
        return new MountTable(SystemText.lines(process.resolve("mountinfo")).stream()
                .flatMap(line -> Mount.parse(line).stream())
                .toList());
    }

    private static Optional<String> namespace(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns/mnt")).toString());
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
