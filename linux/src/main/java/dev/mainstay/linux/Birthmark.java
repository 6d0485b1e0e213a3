package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.Optional;

/// Two numbers that a process and all that descends from it carry, whatever they do to hide: they survive a new
/// program, a session of its own, the loss of all parents, an overwritten environment and closed files.
///
/// They stand in the limit for file locks (`RLIMIT_LOCKS`), which Linux has kept without any effect since
/// 2.4.25: the one thing that is inherited, can be read of every process, and that programs have no reason to
/// change.
///
/// @param kin the hard limit
/// @param birth the soft limit; not above the other
public record Birthmark(long kin, long birth) {
    private static final long FILE_LOCKS = 10;
    private static final long LIMIT_BYTES = 16;
    private static final String LINE = "Max file locks";

    /// Marks a process, before its program runs if possible.
    ///
    /// @return false when the kernel refuses, as it does when the hard limit was lower before
    public boolean put(long pid) {
        try (var arena = Arena.ofConfined()) {
            var limit = SystemCall.allocate(arena, LIMIT_BYTES);
            limit.set(JAVA_LONG, 0, birth);
            limit.set(JAVA_LONG, Long.BYTES, kin);
            return SystemCall.call(SystemCall.PROCESS_LIMIT, pid, FILE_LOCKS, limit.address(), 0) == 0;
        }
    }

    /// What a process carries; empty when it has no such mark or has ended.
    public static Optional<Birthmark> of(long pid) {
        return ProcessTable.text(pid, "limits").flatMap(Birthmark::parse);
    }

    /// Reads the text of `/proc/PID/limits`.
    static Optional<Birthmark> parse(String limits) {
        int at = limits.indexOf(LINE);
        if (at < 0) {
            return Optional.empty();
        }
        var fields = limits.substring(at + LINE.length()).strip().split("\\s+", 3);
        try {
            // what is unlimited is no number
            return Optional.of(new Birthmark(Long.parseLong(fields[1]), Long.parseLong(fields[0])));
        } catch (NumberFormatException unmarked) {
            return Optional.empty();
        }
    }
}
