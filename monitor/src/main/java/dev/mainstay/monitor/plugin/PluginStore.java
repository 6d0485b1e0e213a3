package dev.mainstay.monitor.plugin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts plugins into a folder and takes them out; monitors that read it meanwhile see the one before or the one
/// after.
///
/// **Threads:** one; other processes are kept out by a lock.
public final class PluginStore {
    private static final String LOCK = ".lock";

    private final Path folder;

    /// @param folder made when it is not there
    public PluginStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /// What was installed.
    ///
    /// @param replaced whether there was one of this name before
    public record Installed(String plugin, List<String> types, boolean replaced) {}

    /// Checks a plugin by running it here as a monitor would load it, then copies it and puts its checksums on the
    /// list.
    ///
    /// @param source a jar, or a folder with jars and libraries
    public Installed install(Path source) throws IOException, RefusedException, InterruptedException {
        if (!Files.exists(source)) {
            throw new RefusedException("there is no such file or folder");
        }
        var file = source.toRealPath().getFileName().toString();
        if (!Files.isDirectory(source) && !file.endsWith(".jar")) {
            throw new RefusedException("it is neither a jar nor a folder with jars");
        }
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (var _ = lock()) {
            Rights.check(folder);
            Rights.checkAbove(folder);
            var allowed = Checksums.read(folder);
            var work = Files.createTempDirectory(folder, ".new");
            try {
                return install(source, work, file, allowed);
            } finally {
                delete(work);
            }
        }
    }

    private Installed install(Path source, Path work, String name, SortedMap<String, String> allowed)
            throws IOException, RefusedException, InterruptedException {
        var fresh = work.resolve(name);
        copy(source, fresh);
        var files = PluginFiles.of(work, fresh);
        var types = Plugins.tryOut(files);
        var before = places(files.name());
        // First the list with old and new files, then the files, last the list without the old ones: whoever
        // looks in between finds what is allowed, or a sum that does not fit, never code that nobody allowed.
        var both = new TreeMap<>(allowed);
        both.putAll(files.sums());
        write(both);
        for (var old : before) {
            Files.move(old, work.resolve(".old-" + old.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        var only = without(allowed, files.name());
        only.putAll(files.sums());
        write(only);
        return new Installed(files.name(), types, !before.isEmpty());
    }

    /// Takes a plugin out; its open instances go on until they are closed.
    public void remove(String plugin) throws IOException, RefusedException {
        var there = PluginFiles.NAME.matcher(plugin).matches() && Files.isDirectory(folder)
                ? places(plugin)
                : List.<Path>of();
        if (there.isEmpty()) {
            throw new RefusedException("'%s' holds none of this name. It holds: %s."
                    .formatted(folder, names().isEmpty() ? "none" : String.join(", ", names())));
        }
        try (var _ = lock()) {
            Rights.check(folder);
            write(without(Checksums.read(folder), plugin));
            var work = Files.createTempDirectory(folder, ".old");
            for (var place : there) {
                Files.move(place, work.resolve(place.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
            delete(work);
        }
    }

    /// The names of the plugins that are there.
    public List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var list = Files.list(folder)) {
            return list.filter(place -> !place.getFileName().toString().startsWith("."))
                    .filter(place ->
                            Files.isDirectory(place) || place.toString().endsWith(".jar"))
                    .map(place -> place.getFileName().toString().replaceFirst("\\.jar$", ""))
                    .sorted()
                    .toList();
        }
    }

    private List<Path> places(String plugin) {
        return List.of(folder.resolve(plugin), folder.resolve(plugin + ".jar")).stream()
                .filter(Files::exists)
                .toList();
    }

    private static SortedMap<String, String> without(Map<String, String> sums, String plugin) {
        var rest = new TreeMap<>(sums);
        rest.keySet().removeIf(path -> path.equals(plugin + ".jar") || path.startsWith(plugin + "/"));
        return rest;
    }

    private FileChannel lock() throws IOException, RefusedException {
        var channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new RefusedException(
                    "change the plugins in '%s': another command does so right now. Try again.".formatted(folder));
        }
        return channel; // the lock ends with it
    }

    private void write(Map<String, String> sums) throws IOException {
        var fresh = folder.resolve("." + Checksums.FILE);
        Files.writeString(fresh, Checksums.text(sums));
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                fresh,
                folder.resolve(Checksums.FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (var walk = Files.walk(source)) {
            for (var from : walk.sorted().toList()) {
                var to = target.resolve(source.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectory(to);
                    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
                } else {
                    Files.copy(from, to);
                    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (var one : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
