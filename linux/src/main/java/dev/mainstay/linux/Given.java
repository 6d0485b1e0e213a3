package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What this process was given by whoever started it and keeps otherwise for itself, so that programs get it as it
/// was.
///
/// Our own processes let nobody else read what they create (mode mask 077) and may open as many files as the node
/// allows; a program that was written for 1024 descriptors or a mode mask of 022 must find these.
///
/// @param modeMask which rights new files do not get
/// @param openFiles the soft limit of open files
public record Given(long modeMask, long openFiles) {
    private static final String MODE_MASK = "mainstay.given.modeMask";
    private static final String OPEN_FILES = "mainstay.given.openFiles";
    private static final long OWN_MODE_MASK = 0077;
    private static final long LIMIT_OF_OPEN_FILES = 7;
    private static final long UNLIMITED = -1;

    private static Optional<Given> taken = Optional.empty();

    /// Sets this process's own values and remembers what it was given. The first call counts; it belongs to the
    /// beginning of `main`.
    public static synchronized Given take() {
        if (taken.isEmpty()) {
            var mask = SystemCall.call(SystemCall.FILE_MODE_MASK, OWN_MODE_MASK);
            var files = softLimit();
            raise(files);
            taken = Optional.of(new Given(Long.getLong(MODE_MASK, mask), Long.getLong(OPEN_FILES, files)));
        }
        return taken.get();
    }

    /// What programs get: what was taken, else what this process has.
    static synchronized Given current() {
        if (taken.isPresent()) {
            return taken.get();
        }
        // there is no call that asks for the mask; this one belongs to whoever runs us
        var status = ProcessTable.text(ProcessHandle.current().pid(), "status").orElse("");
        var mask = status.lines()
                .filter(line -> line.startsWith("Umask:"))
                .map(line -> Long.parseLong(line.substring("Umask:".length()).strip(), 8))
                .findFirst()
                .orElse(0022L);
        return new Given(Long.getLong(MODE_MASK, mask), Long.getLong(OPEN_FILES, softLimit()));
    }

    /// Options of a JVM that is started with our values but shall give on what we were given.
    public static List<String> options() {
        var given = current();
        var words = new ArrayList<>(List.of("-XX:-MaxFDLimit"));
        words.add("-D" + MODE_MASK + "=" + given.modeMask());
        words.add("-D" + OPEN_FILES + "=" + given.openFiles());
        return words;
    }

    private static long softLimit() {
        return limits(0)[0];
    }

    private static void raise(long soft) {
        var hard = limits(0)[1];
        if (soft == hard || soft == UNLIMITED) {
            return;
        }
        try (var arena = Arena.ofConfined()) {
            var wanted = arena.allocateFrom(JAVA_LONG, hard, hard);
            // refused, it stays as it is: then this process opens fewer files
            SystemCall.call(SystemCall.PROCESS_LIMIT, 0, LIMIT_OF_OPEN_FILES, wanted.address(), 0);
        }
    }

    private static long[] limits(long pid) {
        try (var arena = Arena.ofConfined()) {
            var now = arena.allocate(JAVA_LONG, 2);
            SystemCall.demand(
                    "asking for the limit of open files",
                    SystemCall.PROCESS_LIMIT,
                    pid,
                    LIMIT_OF_OPEN_FILES,
                    0,
                    now.address());
            return now.toArray(JAVA_LONG);
        }
    }

    /// Adds the steps that put them back in a new process.
    void restore(StartTable table, Arena arena) {
        table.attempt(SystemCall.FILE_MODE_MASK, modeMask);
        var wanted = arena.allocateFrom(JAVA_LONG, openFiles, limits(0)[1]);
        table.attempt(SystemCall.PROCESS_LIMIT, 0, LIMIT_OF_OPEN_FILES, wanted.address(), 0);
    }
}
