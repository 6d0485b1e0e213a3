package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The system calls that a new process makes before it becomes its program, one after another.
final class StartTable {
    /// In the place of a call's number: reads a word of memory instead.
    private static final long LOOK = -1;

    private static final long ENTRY_BYTES = 80;
    private static final long ARGUMENTS = 8;
    private static final long RULE = 56;
    private static final long EXPECTED = 64;
    private static final long RESULT = 72;

    private static final long MUST_SUCCEED = 0;
    private static final long MAY_FAIL = 1;
    private static final long MUST_EQUAL = 2;

    private final MemorySegment memory;
    private final long most;
    private final List<String> steps = new ArrayList<>();

    /// @param most how many calls there are at most
    StartTable(Arena arena, int most) {
        this.most = most;
        this.memory = SystemCall.allocate(arena, most * ENTRY_BYTES);
    }

    long address() {
        return memory.address();
    }

    int count() {
        return steps.size();
    }

    /// Begins anew.
    void clear() {
        steps.clear();
    }

    /// What a step does, to end a sentence with.
    String step(long index) {
        return steps.get(Math.toIntExact(index));
    }

    /// A call that must succeed.
    StartTable call(String step, long number, long... arguments) {
        return add(step, MUST_SUCCEED, 0, number, arguments);
    }

    /// A call whose failure does not matter.
    StartTable attempt(long number, long... arguments) {
        return add("", MAY_FAIL, 0, number, arguments);
    }

    /// A call that must answer just that.
    StartTable expect(String step, long expected, long number, long... arguments) {
        return add(step, MUST_EQUAL, expected, number, arguments);
    }

    /// A word of memory that must hold just that by then.
    StartTable look(String step, long expected, long address) {
        return add(step, MUST_EQUAL, expected, LOOK, address);
    }

    /// Has the result of the last call become the first argument of the next one.
    StartTable resultToNext() {
        memory.set(
                JAVA_LONG, (count() - 1) * ENTRY_BYTES + RESULT, memory.address() + count() * ENTRY_BYTES + ARGUMENTS);
        return this;
    }

    private StartTable add(String step, long rule, long expected, long number, long... arguments) {
        if (count() >= most) {
            throw new IllegalStateException("a new process makes more than " + most + " system calls");
        }
        var at = count() * ENTRY_BYTES;
        memory.set(JAVA_LONG, at, number);
        for (int i = 0; i < arguments.length; i++) {
            memory.set(JAVA_LONG, at + ARGUMENTS + (long) i * Long.BYTES, arguments[i]);
        }
        memory.set(JAVA_LONG, at + RULE, rule);
        memory.set(JAVA_LONG, at + EXPECTED, expected);
        memory.set(JAVA_LONG, at + RESULT, 0);
        steps.add(step);
        return this;
    }
}
