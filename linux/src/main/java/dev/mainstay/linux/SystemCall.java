package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Calls the kernel through the one C function `syscall`.
///
/// One linked handle serves every call because linking is what costs time when a monitor starts. The class is
/// loaded at the first call, so that a process which needs none pays nothing.
final class SystemCall {
    /// No such process.
    static final int ESRCH = 3;
    /// Interrupted by a signal.
    static final int EINTR = 4;

    static final Numbers NUMBERS = Numbers.ofThisMachine();

    static final long PIDFD_SEND_SIGNAL = 424;
    static final long PIDFD_OPEN = 434;

    static final long PROCESS_LIMIT = byMachine(302, 261);
    static final long READ = byMachine(0, 63);
    static final long CLOCK_GET_TIME = byMachine(228, 113);
    static final long OPEN_AT = byMachine(257, 56);
    static final long POLL = byMachine(271, 73);
    static final long SOCKET = byMachine(41, 198);
    static final long BIND = byMachine(49, 200);
    static final long SEND_TO = byMachine(44, 206);
    static final long RECEIVE_FROM = byMachine(45, 207);
    static final long SET_SOCKET_OPTION = byMachine(54, 208);
    static final long MAP_MEMORY = byMachine(9, 222);
    static final long PROTECT_MEMORY = byMachine(10, 226);
    static final long SIGNAL_ACTION = byMachine(13, 134);
    static final long SIGNAL_MASK = byMachine(14, 135);
    static final long CLONE = byMachine(56, 220);
    static final long CLONE_3 = 435;
    static final long EXECUTE = byMachine(59, 221);
    static final long FILE_CONTROL = byMachine(72, 25);
    static final long CHANGE_DIRECTORY = byMachine(80, 49);
    static final long READ_LINK_AT = byMachine(267, 78);
    static final long FILE_MODE_MASK = byMachine(95, 166);
    static final long PARENT_PID = byMachine(110, 173);
    static final long NEW_SESSION = byMachine(112, 157);
    static final long SET_GROUPS = byMachine(116, 159);
    static final long SET_USER_IDS = byMachine(117, 147);
    static final long SET_GROUP_IDS = byMachine(119, 149);
    static final long SET_FILE_USER = byMachine(122, 151);
    static final long SET_FILE_GROUP = byMachine(123, 152);
    static final long PROCESS_CONTROL = byMachine(157, 167);
    static final long FAST_WAIT = byMachine(202, 98);
    static final long WAIT_FOR_CHILD = byMachine(247, 95);
    static final long DUPLICATE = byMachine(292, 24);
    static final long FILE_STATUS = byMachine(332, 291);
    static final long CLOSE_RANGE = 436;

    private static final long CLOSE_ON_AMD64 = 3;
    private static final int ARGUMENTS = 6;
    private static final long ERRNO_OFFSET = 0;
    private static final MethodHandle SYSCALL = link();

    private SystemCall() {}

    /// Returns what the kernel answered: zero or more, or the negative error number.
    static long call(long number, long... arguments) {
        var six = java.util.Arrays.copyOf(arguments, ARGUMENTS);
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            var answer = (long) SYSCALL.invokeExact(state, number, six[0], six[1], six[2], six[3], six[4], six[5]);
            return answer >= 0 ? answer : -state.get(JAVA_INT, ERRNO_OFFSET);
        } catch (Throwable bug) {
            throw new IllegalStateException("system call " + number + " could not be made", bug);
        }
    }

    /// Like [#call], but an error is a bug or a missing kernel feature and thrown.
    static long demand(String what, long number, long... arguments) {
        var answer = call(number, arguments);
        if (answer < 0) {
            throw new IllegalStateException(
                    "%s: the kernel answers error %d. Mainstay needs Linux 5.3 or later".formatted(what, -answer));
        }
        return answer;
    }

    /// Calls and throws what the kernel answers as trouble outside, in words.
    static long tried(String what, long number, long... arguments) throws IOException {
        var answer = call(number, arguments);
        if (answer < 0) {
            throw new IOException("%s: the kernel answers error %d%s".formatted(what, -answer, words(-answer)));
        }
        return answer;
    }

    /// What an error number means to an operator, with a blank before it; empty for the rare ones.
    static String words(long error) {
        return switch ((int) error) {
            case 1, 13 -> " (not permitted; the monitor must run as root)";
            case 12, 105 -> " (out of memory)";
            case 17 -> " (exists already)";
            case 19 -> " (no such interface)";
            case 22 -> " (not possible here)";
            case 99 -> " (no such address)";
            case 100 -> " (the interface is down)";
            default -> "";
        };
    }

    static MemorySegment allocate(Arena arena, long bytes) {
        return arena.allocate(bytes, Long.BYTES);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }

    static long byMachine(long amd64, long aarch64) {
        return NUMBERS.close() == CLOSE_ON_AMD64 ? amd64 : aarch64;
    }

    /// What differs between machines: numbers of calls and the layout of `struct epoll_event`.
    record Numbers(
            long close,
            long epollCreate,
            long epollControl,
            long epollWait,
            long eventCounter,
            long write,
            long userId,
            int eventBytes,
            int eventDataOffset) {
        static Numbers ofThisMachine() {
            var machine = System.getProperty("os.arch", "");
            return switch (machine) {
                case "amd64", "x86_64" -> new Numbers(3, 291, 233, 281, 290, 1, 102, 12, 4);
                case "aarch64" -> new Numbers(57, 20, 21, 22, 19, 64, 174, 16, 8);
                default ->
                    throw new UnsupportedOperationException(
                            "watching processes on a '%s' machine: Mainstay knows 'amd64' and 'aarch64' only. "
                                            .formatted(machine)
                                    + "Run it on one of these");
            };
        }
    }
}
