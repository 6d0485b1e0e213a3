package dev.mainstay.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The kernel's table of processes, read from `/proc`.
///
/// **Threads:** any thread.
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final String BOOT_ID = readBootId();

    /// Fields of `/proc/PID/stat` that are looked at, counted from behind the name.
    private static final int STAT_FIELDS = 20;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    private static final int READ_AT_ONCE = 4_096;

    private ProcessTable() {}

    /// One process at the moment it was read.
    ///
    /// @param startTicks start time in clock ticks since boot; with pid and boot it names one process for ever
    /// @param state the kernel's letter for its first thread: R, S, D, Z and so on; of the process only when
    ///     nothing else of it runs
    /// @param session pid of the process that began its session
    /// @param threads how many threads it has, the first one included until the process is collected
    public record Entry(long pid, long startTicks, char state, long parent, long session, int threads) {
        /// Whether it still runs: a process lives while any thread of it does. This is the one place that
        /// says so.
        ///
        /// The letter alone tells nothing: when the first thread ends and others go on, the kernel shows Z.
        /// It counts threads until they are gone, so that one look decides, as a pidfd would: readable when
        /// the last has ended. A zombie has ended and waits just to be collected.
        public boolean alive() {
            return !headless() || threads > 1;
        }

        private boolean headless() {
            return state == 'Z' || state == 'X';
        }
    }

    /// The id of this boot of the machine.
    public static String bootId() {
        return BOOT_ID;
    }

    /// The process of that pid, if there is one, zombies included.
    public static Optional<Entry> read(long pid) {
        return text(pid, "stat").flatMap(ProcessTable::parse);
    }

    /// Reads a line in the form of `/proc/PID/stat`; empty when it is not one.
    public static Optional<Entry> parse(String stat) {
        var open = stat.indexOf('(');
        var close = stat.lastIndexOf(')');
        if (open < 1 || close < open) {
            return Optional.empty();
        }
        // the name between the brackets may hold anything, so fields are counted from behind it: the 3rd is first
        var fields = new int[STAT_FIELDS + 1];
        int at = close;
        for (int i = 0; i <= STAT_FIELDS; i++) {
            at = at < 0 ? at : stat.indexOf(' ', at + 1);
            fields[i] = at < 0 ? stat.length() : at;
        }
        if (fields[STAT_FIELDS - 1] >= stat.length() - 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Entry(
                    Long.parseLong(stat.substring(0, open).strip()),
                    Long.parseLong(field(stat, fields, START_TICKS)),
                    stat.charAt(fields[0] + 1),
                    Long.parseLong(field(stat, fields, PARENT)),
                    Long.parseLong(field(stat, fields, SESSION)),
                    Integer.parseInt(field(stat, fields, THREADS))));
        } catch (NumberFormatException notStat) {
            return Optional.empty();
        }
    }

    private static String field(String stat, int[] begins, int number) {
        return stat.substring(begins[number] + 1, begins[number + 1]);
    }

    /// Whether the very process of that pid and start time still runs.
    public static boolean alive(long pid, long startTicks) {
        return read(pid)
                .filter(entry -> entry.startTicks() == startTicks && entry.alive())
                .isPresent();
    }

    /// Whether the process table still has that very process, be it as a zombie: then others who ask for its
    /// pid find it alive.
    public static boolean listed(long pid, long startTicks) {
        return read(pid).filter(entry -> entry.startTicks() == startTicks).isPresent();
    }

    /// The threads of a process, the first one included; empty when it has ended.
    public static List<Entry> threads(long pid) {
        var found = new ArrayList<Entry>();
        try (var folders = Files.newDirectoryStream(folder(pid).resolve("task"))) {
            for (var folder : folders) {
                content(folder.resolve("stat").toString())
                        .flatMap(ProcessTable::parse)
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException ended) {
            return found;
        }
        return found;
    }

    /// Where the kernel shows what a process has: its folder in `/proc`, or that of another thread when the
    /// first one has ended, for of that nothing is left to be seen.
    public static Path view(long pid) {
        var own = folder(pid);
        return read(pid).filter(entry -> entry.headless() && entry.alive()).stream()
                .flatMap(_ -> threads(pid).stream())
                .filter(thread -> !thread.headless())
                .findFirst()
                .map(thread -> own.resolve("task").resolve(Long.toString(thread.pid())))
                .orElse(own);
    }

    /// The thread that tells how a process stands: one that waits uninterruptibly, for it keeps all others
    /// from their end; else the first one, or another when that has ended.
    public static Optional<Entry> spokesman(long pid) {
        var first = read(pid);
        if (first.isEmpty() || !first.get().alive()) {
            return first;
        }
        var threads = threads(pid);
        return threads.stream()
                .filter(thread -> thread.state() == 'D')
                .findFirst()
                .or(() -> first.filter(entry -> !entry.headless()))
                .or(() -> threads.stream().filter(thread -> !thread.headless()).findFirst())
                .or(() -> first);
    }

    /// How a process stands, for an operator: state, and where in the kernel it waits.
    public static String standing(long pid) {
        return spokesman(pid)
                .map(thread -> "state %s, waits in %s%s"
                        .formatted(
                                thread.state(),
                                waitsIn(thread.pid()),
                                thread.pid() == pid ? "" : " with thread " + thread.pid()))
                .orElse("gone");
    }

    /// Every process that this one may see.
    public static List<Entry> all() {
        var entries = new ArrayList<Entry>();
        try (var folders =
                Files.newDirectoryStream(PROC, path -> isPid(path.getFileName().toString()))) {
            for (var folder : folders) {
                read(Long.parseLong(folder.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("listing /proc: it cannot be read. Mount it", e);
        }
        return entries;
    }

    /// The value a process was started with for that environment variable; empty when it has none or may not
    /// be looked into.
    public static Optional<String> environment(long pid, String name) {
        return text(pid, "environ").flatMap(all -> {
            for (var line : all.split("\0")) {
                if (line.startsWith(name) && line.length() > name.length() && line.charAt(name.length()) == '=') {
                    return Optional.of(line.substring(name.length() + 1));
                }
            }
            return Optional.empty();
        });
    }

    /// The path of the file that a process has open under that descriptor, as the kernel shows it: with the
    /// words ` (deleted)` behind it when it is gone. Empty when none is open or it may not be looked into.
    public static Optional<String> openFile(long pid, int descriptor) {
        var link = view(pid).resolve("fd").resolve(Integer.toString(descriptor));
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /// Whether the process is just becoming another program: for that moment the kernel shows neither its
    /// arguments nor its environment, so a mark is not seen though it is there.
    public static boolean becomingAnother(long pid) {
        return text(pid, "environ").filter(String::isEmpty).isPresent()
                && text(pid, "cmdline").filter(String::isEmpty).isPresent();
    }

    /// Memory of a process that is in main memory now, in bytes; 0 when it has ended.
    public static long residentBytes(long pid) {
        return text(pid, "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    /// Where in the kernel a process waits, for an operator; `-` when the kernel does not say.
    public static String waitsIn(long pid) {
        return text(pid, "wchan")
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElse("-");
    }

    /// Program and arguments it was started with; empty when it has ended.
    public static List<String> commandLine(long pid) {
        return text(pid, "cmdline").map(text -> List.of(text.split("\0"))).orElse(List.of());
    }

    /// The program's name as the kernel shows it.
    public static String name(long pid) {
        return text(pid, "comm").map(String::strip).orElse("?");
    }

    /// The user id this process acts with; asks the kernel, so the first call of a process links to it.
    public static long userId() {
        return SystemCall.call(SystemCall.NUMBERS.userId());
    }

    /// A file of a process in `/proc`, such as `status`; empty when it has ended or may not be looked into.
    /// What the first thread shows no more because it has ended is read from another one.
    public static Optional<String> text(long pid, String file) {
        var own = content("/proc/" + pid + "/" + file);
        if (own.filter(text -> !text.isEmpty()).isPresent() || file.equals("stat")) {
            return own;
        }
        var view = view(pid);
        return view.equals(folder(pid)) ? own : content(view.resolve(file).toString());
    }

    private static Path folder(long pid) {
        return PROC.resolve(Long.toString(pid));
    }

    private static Optional<String> content(String file) {
        // a file of /proc has no length, and no channel is needed to read it once
        try (var in = new FileInputStream(file)) {
            var bytes = new byte[READ_AT_ONCE];
            int length = 0;
            for (int got = in.read(bytes); got >= 0; got = in.read(bytes, length, bytes.length - length)) {
                length += got;
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
            return Optional.of(SystemText.decoded(Arrays.copyOf(bytes, length)));
        } catch (IOException gone) {
            // it ended meanwhile, or belongs to somebody who may hide it: both mean "nothing to see"
            return Optional.empty();
        }
    }

    private static boolean isPid(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String readBootId() {
        var file = Path.of("/proc/sys/kernel/random/boot_id");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IllegalStateException("reading '" + file + "': there is none. Mainstay runs on Linux only", e);
        } catch (IOException e) {
            throw new IllegalStateException("reading '" + file + "': " + e.getMessage(), e);
        }
    }
}
