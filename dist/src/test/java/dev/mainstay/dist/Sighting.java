package dev.mainstay.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A process as `/proc` shows it; pid and start time together are never seen twice.
///
/// @param startTicks field 22 of `/proc/PID/stat`
/// @param command its command line when it was seen, arguments separated by spaces: between fork and exec that is
///     the one of its parent, therefore it is no part of what makes two sightings equal
record Sighting(long pid, long startTicks, String command) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Sighting(var itsPid, var itsStart, var _) && itsPid == pid && itsStart == startTicks;
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, startTicks);
    }

    /// The processes of a resource of a node that keeps its data below a folder; zombies are dead.
    static List<Sighting> ofResource(Path folder, String resource) {
        return all(pid -> isBelow(folder, markOf(pid)) && markOf(pid).endsWith("/" + resource));
    }

    /// The processes of any resource of a node that keeps its data below a folder.
    static List<Sighting> ofResources(Path folder) {
        return all(pid -> isBelow(folder, markOf(pid)));
    }

    /// A mark is `CLUSTER/NODE@DATA/RESOURCE`.
    private static boolean isBelow(Path folder, String mark) {
        return mark.contains("@" + folder + "/");
    }

    private static String markOf(Path pid) throws IOException {
        var environment = Files.readString(pid.resolve("environ"), StandardCharsets.ISO_8859_1);
        for (var variable : environment.split("\0")) {
            if (variable.startsWith("MAINSTAY_RESOURCE=")) {
                return variable.substring(variable.indexOf('=') + 1);
            }
        }
        return "";
    }

    /// The processes whose command line holds a text.
    static List<Sighting> commanded(String text) {
        return all(pid -> commandOf(pid).contains(text));
    }

    /// Whether this very process still runs.
    boolean alive() {
        try {
            var now = at(Path.of("/proc", Long.toString(pid)));
            return now != null && now.startTicks == startTicks;
        } catch (IOException gone) {
            return false;
        }
    }

    /// Ends this very process as a crash would.
    void kill() {
        var process = ProcessHandle.of(pid);
        if (alive() && process.isPresent()) {
            process.get().destroyForcibly();
            Await.until("end of " + this, java.time.Duration.ofSeconds(30), this::toString, () -> !alive());
        }
    }

    private interface Choice {
        boolean matches(Path pid) throws IOException;
    }

    private static List<Sighting> all(Choice choice) {
        var found = new ArrayList<Sighting>();
        try (DirectoryStream<Path> pids = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var pid : pids) {
                look(pid, choice).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparingLong(Sighting::pid));
        return found;
    }

    /// Nothing when it ended while we looked, or belongs to somebody else.
    private static Optional<Sighting> look(Path pid, Choice choice) {
        try {
            return choice.matches(pid) ? Optional.ofNullable(at(pid)) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static @org.jspecify.annotations.Nullable Sighting at(Path pid) throws IOException {
        var stat = Files.readString(pid.resolve("stat"), StandardCharsets.ISO_8859_1);
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        if (fields[0].equals("Z") || fields[0].equals("X")) {
            return null;
        }
        return new Sighting(Long.parseLong(pid.getFileName().toString()), Long.parseLong(fields[19]), commandOf(pid));
    }

    private static String commandOf(Path pid) throws IOException {
        return Files.readString(pid.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
    }
}
