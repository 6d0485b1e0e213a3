package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.ProcessTable.Entry;
import dev.mainstay.linux.Signal;
import dev.mainstay.spi.ResourceFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Ends what a foreign stop command left of a tree: politely first, for what is just ending may have data to
/// write.
///
/// @param shared names of programs that are spared with all that descends from them
/// @param grace how long each polite step lasts
/// @param seen start times by pid of all that was found so far
record Leftovers(Tree tree, Set<String> shared, Duration grace, Map<Long, Long> seen) {
    /// What a stop command has asked to end, and did not wait for, gets this long before it is asked again.
    private static final Duration ENDING = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int COMMAND_CHARACTERS_MAX = 200;

    Leftovers(Tree tree, Set<String> shared, Duration grace) {
        this(tree, shared, grace, new HashMap<>());
    }

    /// Ends them.
    ///
    /// @return each process that had not ended by itself, in words
    List<String> end() throws ResourceFailure {
        var ended = endAndName();
        tree.awaitCollected(seen);
        return ended;
    }

    private List<String> endAndName() throws ResourceFailure {
        var sessions = new HashSet<Long>();
        if (gone(sessions, shorter(ENDING, grace))) {
            return List.of();
        }
        var left = look(sessions);
        var words = left.stream().map(Leftovers::describe).toList();
        if (!grace.isZero()) {
            left.forEach(process -> Tree.send(process.pid(), process.startTicks(), Signal.TERM));
        }
        if (!gone(sessions, grace)) {
            killEach(sessions);
        }
        return words;
    }

    /// Whether something runs on that others use as well.
    boolean sharedRuns() {
        return tree.living(new HashSet<>()).stream()
                .anyMatch(process -> shared.contains(ProcessTable.name(process.pid())));
    }

    private void killEach(Set<Long> sessions) throws ResourceFailure {
        var until = System.nanoTime() + Tree.KILL_LIMIT.toNanos();
        for (var left = look(sessions); !left.isEmpty(); left = look(sessions)) {
            if (System.nanoTime() - until >= 0) {
                throw tree.unkillable(left.stream().mapToLong(Entry::pid));
            }
            left.forEach(process -> Tree.send(process.pid(), process.startTicks(), Signal.KILL));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean gone(Set<Long> sessions, Duration limit) {
        var until = System.nanoTime() + limit.toNanos();
        while (!look(sessions).isEmpty()) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    private List<Entry> look(Set<Long> sessions) {
        var rest = withoutShared(tree.living(sessions));
        rest.forEach(process -> seen.put(process.pid(), process.startTicks()));
        return rest;
    }

    private List<Entry> withoutShared(List<Entry> living) {
        var spared = new HashSet<Long>();
        living.stream()
                .filter(process -> shared.contains(ProcessTable.name(process.pid())))
                .forEach(process -> spared.add(process.pid()));
        var rest = new ArrayList<>(living);
        while (rest.removeIf(process ->
                spared.contains(process.pid()) || (spared.contains(process.parent()) && spared.add(process.pid())))) {
            // each pass may find further descendants
        }
        return rest;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String describe(Entry process) {
        var command = String.join(" ", ProcessTable.commandLine(process.pid()));
        return "process %d (%s): %s"
                .formatted(
                        process.pid(),
                        ProcessTable.name(process.pid()),
                        command.substring(0, Math.min(command.length(), COMMAND_CHARACTERS_MAX)));
    }
}
