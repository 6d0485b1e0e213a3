package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A child process on its way to its program: it has its pid and its control group already and waits.
///
/// Nothing stands between this process and the program: no shell, no library in the child, no environment but the
/// program's own, which nothing sees before the user has changed. Arguments and environment arrive as the bytes of
/// their UTF-8. The program has the descriptors 0, 1 and 2, a session of its own, and every signal as the kernel
/// gives it.
///
/// In between its maker can write down who it is: what dies in that moment takes it with it.
///
/// **Order:** [#begin], then [#release] or [#close]. One thread makes all calls, and it must outlive them.
/// **Source:** ADR 0025.
public final class NewProcess implements AutoCloseable {
    private static final int STEPS_MAX = 128;
    private static final int ENVIRONMENT_LATER_MAX = 8;

    private static final long SHARE_MEMORY = 0x100;
    private static final long GIVE_HANDLE = 0x1000;
    private static final long CLEAR_WORD = 0x20_0000;
    private static final long INTO_GROUP = 0x2_0000_0000L;
    private static final long CHILD_ENDED = 17;
    private static final long CLONE_3_BYTES = 88;

    private static final long END_WITH_PARENT = 1;
    private static final long SIGNALS = 64;
    private static final long SIGNAL_ACTION_BYTES = 32;
    private static final long SIGNAL_SET_BYTES = 8;
    private static final long SET_MASK = 2;
    private static final long WAIT = 0;
    private static final long WAKE = 1;
    private static final long RELEASED = 1;
    /// For a maker that hangs; one that dies takes the child with it.
    private static final long RELEASE_LIMIT_SECONDS = 600;

    /// The first descriptor that is not the program's.
    private static final long OWN = 3;

    private static final long LAST = 0xFFFF_FFFFL;
    private static final boolean CLOSES_RANGES = SystemCall.call(SystemCall.CLOSE_RANGE, LAST, LAST, 0) == 0;
    private static final String GOING = "going to folder '";
    private static final String BECOMING = "becoming program '";

    private static final long CURRENT_DIRECTORY = -100;
    private static final long FOLDER_ONLY = 0x1_0000 | 0x20_0000 | Descriptor.CLOSE_ON_EXEC;
    private static final long FOLDER_ONLY_ON_AARCH64 = 0x4000 | 0x20_0000 | Descriptor.CLOSE_ON_EXEC;
    private static final long WRITE_ONLY = 1;

    private final Arena arena = Arena.ofShared();
    private final Plan plan;
    private final List<Long> others = others();
    private final StartTable table;
    private final MemorySegment order = SystemCall.allocate(arena, StartCode.BYTES);
    /// The kernel makes it zero, and wakes who waits for that, when the child leaves this process's memory: it has
    /// become the program, or it has ended.
    private final MemorySegment away = SystemCall.allocate(arena, Long.BYTES);
    private final MemorySegment released = SystemCall.allocate(arena, Long.BYTES);
    private final MemorySegment handle = SystemCall.allocate(arena, Long.BYTES);
    private final MemorySegment environment;
    private long pid;
    private boolean given;

    /// What is started.
    ///
    /// @param program the file
    /// @param line what the program finds as its arguments, its own name first
    /// @param environment `NAME=value`
    /// @param user whom it becomes; empty for the user of this process
    /// @param directory where it runs
    /// @param early whether it goes to its directory before it becomes its user, who may not be able to
    /// @param input what it reads
    /// @param output what it writes
    public record Plan(
            String program,
            List<String> line,
            List<String> environment,
            Optional<UserAccount> user,
            Path directory,
            boolean early,
            OpenFile input,
            OpenFile output,
            Optional<ControlGroup> group) {
        /// Copies the lists.
        public Plan {
            line = List.copyOf(line);
            environment = List.copyOf(environment);
        }
    }

    /// What on the way to a program was refused.
    public enum Step {
        /// Going to its directory.
        DIRECTORY,
        /// Becoming it.
        PROGRAM,
        /// Anything else.
        OTHER
    }

    /// A step on the way to the program was refused.
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;
        private final Step step;
        private final int number;

        RefusedException(String words, long number) {
            super(words + ": " + ErrorNumber.words(number));
            this.step =
                    words.startsWith(GOING) ? Step.DIRECTORY : words.startsWith(BECOMING) ? Step.PROGRAM : Step.OTHER;
            this.number = (int) number;
        }

        /// Which step.
        public Step step() {
            return step;
        }

        /// The kernel's error number.
        public int number() {
            return number;
        }

        /// What the number means.
        public String meaning() {
            return ErrorNumber.words(number);
        }
    }

    private NewProcess(Plan plan) {
        this.plan = plan;
        this.table = new StartTable(arena, STEPS_MAX + others.size());
        this.environment = arena.allocate(JAVA_LONG, plan.environment().size() + ENVIRONMENT_LATER_MAX + 1L);
    }

    /// Links to the kernel, so that the first start need not wait for it.
    public static void prepare() {
        StartCode.prepare();
    }

    /// Makes the child.
    public static NewProcess begin(Plan plan) throws IOException {
        var made = new NewProcess(plan);
        try {
            Child.makeCollectable();
            made.bear();
            return made;
        } catch (IOException | RuntimeException e) {
            made.arena.close();
            throw e;
        }
    }

    /// The child's pid.
    public long pid() {
        return pid;
    }

    /// Lets it become its program, and returns when it has.
    ///
    /// @param more further variables of its environment, `NAME=value`
    /// **Errors:** [RefusedException] when it could not; then it has ended.
    public Child release(List<String> more) throws RefusedException {
        var at = plan.environment().size();
        for (var variable : more) {
            environment.setAtIndex(JAVA_LONG, at++, text(variable));
        }
        released.set(JAVA_LONG, 0, RELEASED);
        SystemCall.call(SystemCall.FAST_WAIT, released.address(), WAKE, 1);
        for (int word = awayNow(); word != 0; word = awayNow()) {
            SystemCall.call(SystemCall.FAST_WAIT, away.address(), WAIT, word, 0);
        }
        given = true;
        var child = new Child(pid, Pidfd.held(handle.get(JAVA_INT, 0)));
        var failed = order.get(JAVA_LONG, StartCode.FAILED);
        if (failed >= 0) {
            child.discard();
            throw new RefusedException(table.step(failed), -order.get(JAVA_LONG, StartCode.ANSWER));
        }
        return child;
    }

    private int awayNow() {
        return (int) JAVA_INT.varHandle().getVolatile(away, 0L);
    }

    /// Gives back what it took; a child that was not released is ended.
    @Override
    public void close() {
        if (!given) {
            var child = new Child(pid, Pidfd.held(handle.get(JAVA_INT, 0)));
            child.kill();
            child.discard();
        }
        arena.close();
    }

    private void bear() throws IOException {
        var group = plan.group().map(one -> one.path().toString());
        var folder = group.isPresent() ? open(group.get()) : -1;
        try {
            pid = folder >= 0 ? birth3(folder) : -1;
            if (pid < 0) {
                pid = birth(group);
            }
        } finally {
            if (folder >= 0) {
                SystemCall.call(SystemCall.NUMBERS.close(), folder);
            }
        }
        if (pid < 0) {
            throw new RefusedException("making a process", -pid);
        }
    }

    private long open(String folder) {
        var flags = SystemCall.byMachine(FOLDER_ONLY, FOLDER_ONLY_ON_AARCH64);
        return SystemCall.call(SystemCall.OPEN_AT, CURRENT_DIRECTORY, text(folder), flags, 0);
    }

    /// Born in its group, which spares the kernel the move of a process. Refused by old kernels and in many
    /// containers.
    private long birth3(long folder) {
        var arguments = SystemCall.allocate(arena, CLONE_3_BYTES);
        arguments.set(JAVA_LONG, 0, SHARE_MEMORY | GIVE_HANDLE | CLEAR_WORD | INTO_GROUP);
        arguments.set(JAVA_LONG, 8, handle.address());
        arguments.set(JAVA_LONG, 16, away.address());
        arguments.set(JAVA_LONG, 32, CHILD_ENDED);
        arguments.set(JAVA_LONG, 80, folder);
        steps(Optional.empty());
        return run(SystemCall.CLONE_3, arguments.address(), CLONE_3_BYTES);
    }

    private long birth(Optional<String> group) {
        steps(group);
        var flags = SHARE_MEMORY | GIVE_HANDLE | CLEAR_WORD | CHILD_ENDED;
        var word = away.address();
        return run(
                SystemCall.CLONE,
                flags,
                0,
                handle.address(),
                SystemCall.byMachine(word, 0),
                SystemCall.byMachine(0, word));
    }

    private long run(long number, long... arguments) {
        order.set(JAVA_LONG, StartCode.BLOCKED, -1);
        order.set(JAVA_LONG, StartCode.BIRTH, number);
        for (int i = 0; i < 6; i++) {
            var argument = i < arguments.length ? arguments[i] : 0;
            order.set(JAVA_LONG, StartCode.BIRTH + (i + 1L) * Long.BYTES, argument);
        }
        order.set(JAVA_LONG, StartCode.COUNT, table.count());
        order.set(JAVA_LONG, StartCode.TABLE, table.address());
        order.set(JAVA_LONG, StartCode.FAILED, -1);
        away.set(JAVA_INT, 0, 1);
        return StartCode.run(order);
    }

    private void steps(Optional<String> group) {
        table.clear();
        // whatever it does not get by number is closed before it waits: nothing of ours may stay open because of
        // it
        table.call("", SystemCall.PROCESS_CONTROL, END_WITH_PARENT, Signal.KILL.number());
        table.expect("asking for its parent", ProcessHandle.current().pid(), SystemCall.PARENT_PID);
        group.ifPresent(folder -> table.call(
                        "opening its control group",
                        SystemCall.OPEN_AT,
                        CURRENT_DIRECTORY,
                        text(folder + "/cgroup.procs"),
                        WRITE_ONLY)
                .resultToNext()
                .call("joining its control group", SystemCall.NUMBERS.write(), 0, text("0"), 1));
        table.call("handing it its input", SystemCall.DUPLICATE, plan.input().number(), 0, 0);
        table.call("handing it its output", SystemCall.DUPLICATE, plan.output().number(), 1, 0);
        table.call("handing it its output", SystemCall.DUPLICATE, plan.output().number(), 2, 0);
        closeOthers();
        var limit = SystemCall.allocate(arena, 16);
        limit.set(JAVA_LONG, 0, RELEASE_LIMIT_SECONDS);
        table.attempt(SystemCall.FAST_WAIT, released.address(), WAIT, 0, limit.address());
        table.look("waiting for its maker", RELEASED, released.address());
        table.call("", SystemCall.PROCESS_CONTROL, END_WITH_PARENT, 0);
        table.call("beginning a session", SystemCall.NEW_SESSION);
        var standard = SystemCall.allocate(arena, SIGNAL_ACTION_BYTES);
        for (long signal = 1; signal <= SIGNALS; signal++) {
            // two of them cannot be changed, which is as wanted
            table.attempt(SystemCall.SIGNAL_ACTION, signal, standard.address(), 0, SIGNAL_SET_BYTES);
        }
        Given.current().restore(table, arena);
        becomeUser();
        table.call(
                "",
                SystemCall.SIGNAL_MASK,
                SET_MASK,
                SystemCall.allocate(arena, 8).address(),
                0,
                SIGNAL_SET_BYTES);
        become();
    }

    private void closeOthers() {
        if (CLOSES_RANGES) {
            table.call("closing what is not its own", SystemCall.CLOSE_RANGE, OWN, LAST, 0);
        } else {
            others.forEach(one -> table.attempt(SystemCall.NUMBERS.close(), one));
        }
    }

    /// What this process has open now, for kernels before Linux 5.9.
    private static List<Long> others() {
        if (CLOSES_RANGES) {
            return List.of();
        }
        try (var names = Files.list(Path.of("/proc/self/fd"))) {
            return names.map(name -> Long.parseLong(String.valueOf(name.getFileName())))
                    .filter(number -> number >= OWN)
                    .toList();
        } catch (IOException hidden) {
            throw new IllegalStateException("listing /proc/self/fd: it cannot be read. Mount /proc", hidden);
        }
    }

    private void becomeUser() {
        var step = GOING + plan.directory() + "'";
        var directory = text(plan.directory().toString());
        if (plan.early()) {
            table.call(step, SystemCall.CHANGE_DIRECTORY, directory);
        }
        plan.user().ifPresent(user -> user.become(table, arena));
        if (!plan.early()) {
            table.call(step, SystemCall.CHANGE_DIRECTORY, directory);
        }
    }

    private void become() {
        var line = arena.allocate(JAVA_LONG, plan.line().size() + 1L);
        for (int i = 0; i < plan.line().size(); i++) {
            line.setAtIndex(JAVA_LONG, i, text(plan.line().get(i)));
        }
        for (int i = 0; i < plan.environment().size(); i++) {
            environment.setAtIndex(JAVA_LONG, i, text(plan.environment().get(i)));
        }
        table.call(
                BECOMING + plan.program() + "'",
                SystemCall.EXECUTE,
                text(plan.program()),
                line.address(),
                environment.address());
    }

    private long text(String text) {
        return arena.allocateFrom(text, StandardCharsets.UTF_8).address();
    }
}
