package dev.mainstay.linux;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The place in the control group hierarchy below which this process may make groups of its own.
///
/// @param base this process's own group
public record ControlGroups(Path base) {
    /// Begins the name of the group that holds a resource monitor alone: what the monitor starts is not put below
    /// it but beside it, or its limits would be theirs.
    public static final String MONITOR_PREFIX = "mainstay-monitor-";

    private static final System.Logger LOG = System.getLogger(ControlGroups.class.getName());
    private static final int NAME_BYTES_MAX = 200;
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Path OWN_GROUP = Path.of("/proc/self/cgroup");

    /// Finds that place; empty for a user to whom nothing is delegated, and before Linux 5.14 (no `cgroup.kill`).
    public static Optional<ControlGroups> find() {
        try {
            var mount = SystemText.lines(MOUNTS).stream()
                    .map(line -> line.split(" "))
                    .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst();
            var own = SystemText.lines(OWN_GROUP).stream()
                    .filter(line -> line.startsWith("0::/"))
                    .map(line -> line.substring("0::/".length()))
                    .findFirst();
            if (mount.isEmpty() || own.isEmpty()) {
                return Optional.empty();
            }
            return at(outside(mount.get().resolve(own.get())));
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "control groups are not used: where this process stands cannot be read: {0}. Look at /proc",
                    e.toString());
            return Optional.empty();
        }
    }

    /// The group of these names below the base; every name is made fit for a folder.
    public ControlGroup group(String... names) {
        var path = base;
        for (var name : names) {
            path = path.resolve(folderName(name));
        }
        return new ControlGroup(path);
    }

    private static Path outside(Path own) {
        var parent = own.getParent();
        return parent != null && String.valueOf(own.getFileName()).startsWith(MONITOR_PREFIX) ? parent : own;
    }

    private static Optional<ControlGroups> at(Path base) throws IOException {
        if (!Files.isWritable(base) || !Files.isWritable(base.resolve("cgroup.procs"))) {
            return Optional.empty();
        }
        // the root group has no cgroup.kill, so a group made for the question answers for all
        var trial = new ControlGroup(
                base.resolve("mainstay-trial-" + ProcessHandle.current().pid()));
        try {
            trial.create();
            return Files.isWritable(trial.path().resolve("cgroup.kill"))
                    ? Optional.of(new ControlGroups(base))
                    : Optional.empty();
        } catch (IOException forbidden) {
            return Optional.empty();
        } finally {
            trial.remove();
        }
    }

    /// Keeps letters, digits, dot, dash and underscore, writes other bytes as `%2F`, shortens what is too long.
    static String folderName(String name) {
        var folder = new StringBuilder();
        for (var b : name.getBytes(StandardCharsets.UTF_8)) {
            var dotInside = b == '.' && !folder.isEmpty();
            folder.append(
                    dotInside || PLAIN.indexOf(b) >= 0
                            ? (char) b
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
        }
        if (folder.length() <= NAME_BYTES_MAX) {
            return folder.toString();
        }
        var hash = Integer.toHexString(Arrays.hashCode(name.getBytes(StandardCharsets.UTF_8)));
        return folder.substring(0, NAME_BYTES_MAX) + "~" + hash;
    }
}
