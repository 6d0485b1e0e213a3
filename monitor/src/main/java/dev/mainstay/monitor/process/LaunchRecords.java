package dev.mainstay.monitor.process;

import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes.LogLimits;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What was started for a resource since it was last known that nothing of it runs.
///
/// Each process is written down before it becomes the program. Without a line of this boot nothing of the
/// resource runs; that spares the search through all processes.
///
/// @param file one line per launch: boot, control group, log limits (size; number of files and, behind a blank,
///     the user who writes it), `/proc/PID/stat`, log; with tabs between
record LaunchRecords(Path file) {
    private static final int FIELDS = 6;
    private static final String RUN = "run";

    /// One line; of short commands nothing but the fact that there were some.
    record Line(Optional<ProcessIdentity> identity, Optional<ControlGroup> group, Optional<Log> log) {
        boolean names(ProcessIdentity process) {
            return identity.filter(process::equals).isPresent();
        }
    }

    /// A log as it was when the process was started.
    ///
    /// @param user whose rights it is written with; empty for our own
    record Log(Path path, LogLimits limits, String user) {
        LogFile file() throws ResourceFailure {
            var account = Account.of(user, path.toString());
            return new LogFile(path, limits, account.user());
        }
    }

    /// Writes down a process that waits to become its program.
    void add(String group, LogFile log, String stat) throws IOException {
        var user = log.rights().map(account -> " " + account.name()).orElse("");
        var line = String.join(
                "\t",
                ProcessTable.bootId(),
                group,
                Long.toString(log.limits().bytes()),
                log.limits().files() + user,
                stat.strip(),
                log.path().toString());
        append(line + "\n");
    }

    private void append(String line) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String content() throws IOException {
        // a strange byte makes one line strange, not all of them
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /// The lines of this boot; a torn or strange line counts as one that names no process.
    List<Line> read() {
        try {
            var found = new ArrayList<Line>();
            for (var line : content().split("\n")) {
                if (line.startsWith(ProcessTable.bootId())) {
                    found.add(parse(line));
                }
            }
            return found;
        } catch (NoSuchFileException nothingStarted) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("reading '" + file + "'", e);
        }
    }

    /// Notes that short commands ran outside any control group and may have left something.
    void noteRun() throws ResourceFailure {
        var line = ProcessTable.bootId() + "\t" + RUN + "\n";
        try {
            if (!Files.exists(file) || !content().contains(line)) {
                append(line);
            }
        } catch (IOException e) {
            throw new ResourceFailure("noting in '%s' that a command runs: %s. Check the disk".formatted(file, e), e);
        }
    }

    void clear() throws ResourceFailure {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ResourceFailure("removing '%s': %s. Check the disk".formatted(file, e), e);
        }
    }

    private static Line parse(String line) {
        var fields = line.split("\t", FIELDS);
        if (fields.length < FIELDS) {
            return new Line(Optional.empty(), Optional.empty(), Optional.empty());
        }
        var identity = ProcessTable.parse(fields[4])
                .map(entry -> new ProcessIdentity(entry.pid(), entry.startTicks(), fields[0]));
        var group = Optional.of(fields[1]).filter(path -> !path.isEmpty()).map(path -> new ControlGroup(Path.of(path)));
        var files = fields[3].split(" ", 2);
        var limits = new LogLimits(Long.parseLong(fields[2]), Integer.parseInt(files[0]));
        var log = new Log(Path.of(fields[5]), limits, files.length > 1 ? files[1] : "");
        return new Line(identity, group, Optional.of(log));
    }
}
