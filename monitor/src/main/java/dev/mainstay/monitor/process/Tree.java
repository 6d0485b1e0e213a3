package dev.mainstay.monitor.process;

import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.Pidfd;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.ProcessTable.Entry;
import dev.mainstay.linux.Signal;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// A set of processes that belong together, and the way to end all of them.
///
/// Control groups hold whatever was born in them. Where there are none (or `scan` says that some processes
/// were started without), members are found among all processes by [Members].
///
/// @param resource whose processes they are, for messages
/// @param roots the processes that are known by identity
record Tree(String resource, List<ProcessIdentity> roots, List<ControlGroup> groups, Mark mark, boolean scan) {
    /// A killed process is gone within milliseconds unless it waits uninterruptibly, for a disk or a file
    /// server. No longer than this, so that terminate stays well inside the lease's safety time.
    static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    /// Becoming another program takes well under a millisecond; a foreign one that hides its arguments for
    /// ever must not keep us.
    private static final Duration SETTLING_LIMIT = Duration.ofMillis(200);

    /// A parent collects a child within milliseconds, the first process too; on a starved node it takes some
    /// tens of them. One that never does must not hold up a restart for ever.
    private static final Duration COLLECT_LIMIT = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Tree.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofNanos(200_000);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

    /// What every process of the tree inherits.
    ///
    /// @param name of an environment variable with the given value
    /// @param lineage an open file, for those that wipe their environment
    record Mark(String name, String value, Lineage lineage) {}

    /// Kills every member and returns when none is left and their pids are free: a program that looks whether
    /// the pid in its lock file is alive finds a zombie alive.
    ///
    /// **Time:** [#KILL_LIMIT], and [#COLLECT_LIMIT] when a parent does not collect what has ended.
    /// **Errors:** [ResourceFailure] names the processes that stay, their state and what they wait for.
    void kill() throws ResourceFailure {
        kill(KILL_LIMIT);
    }

    void kill(Duration limit) throws ResourceFailure {
        var until = System.nanoTime() + limit.toNanos();
        var seen = new HashMap<Long, Long>();
        roots.stream().filter(Tree::ofThisBoot).forEach(root -> seen.put(root.pid(), root.startTicks()));
        if (scan) {
            // before anything else: as long as the roots live they prove whose their sessions are
            killFound(until, seen);
        }
        // roots before groups: one that was just forked must not join its group behind the group's end
        roots.stream().filter(Tree::ofThisBoot).forEach(root -> killOne(root.pid(), root.startTicks()));
        for (var group : groups) {
            killGroup(group, until, seen);
        }
        awaitRoots(until);
        groups.forEach(ResourceProcesses::tidy);
        awaitCollected(seen);
    }

    /// Waits until the pids are free.
    ///
    /// @param seen start times by pid; emptied
    void awaitCollected(Map<Long, Long> seen) {
        var until = System.nanoTime() + COLLECT_LIMIT.toNanos();
        var pause = FIRST_PAUSE.toNanos();
        while (true) {
            seen.entrySet().removeIf(one -> !ProcessTable.listed(one.getKey(), one.getValue()));
            if (seen.isEmpty()) {
                return;
            }
            if (System.nanoTime() - until >= 0) {
                seen.keySet().forEach(this::tellUncollected);
                return;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
    }

    private void tellUncollected(long pid) {
        var parent = ProcessTable.read(pid).map(Entry::parent).orElse(0L);
        LOG.log(
                Level.WARNING,
                "process %d of '%s' has ended, but its parent %d (%s) has not collected it for %d ms: who asks for that pid finds it alive"
                        .formatted(pid, resource, parent, ProcessTable.name(parent), COLLECT_LIMIT.toMillis()));
    }

    private void killGroup(ControlGroup group, long until, Map<Long, Long> seen) throws ResourceFailure {
        try {
            for (var pid : group.processes()) {
                ProcessTable.read(pid).ifPresent(entry -> seen.put(pid, entry.startTicks()));
            }
            if (!group.kill(Duration.ofNanos(Math.max(0, until - System.nanoTime())))) {
                throw unkillable(group.processes().stream().mapToLong(Long::longValue));
            }
        } catch (IOException e) {
            throw new ResourceFailure(
                    "ending '%s': its control group '%s' cannot be killed: %s. Check the rights on it"
                            .formatted(resource, group.path(), e.getMessage()),
                    e);
        }
    }

    private void awaitRoots(long until) throws ResourceFailure {
        var pause = FIRST_PAUSE.toNanos();
        while (true) {
            var left = roots.stream()
                    .filter(root -> ofThisBoot(root) && ProcessTable.alive(root.pid(), root.startTicks()))
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - until >= 0) {
                throw unkillable(left.stream().mapToLong(ProcessIdentity::pid));
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
    }

    /// Kills and looks again until a look finds nobody: what forked meanwhile is found by the next look.
    private void killFound(long until, Map<Long, Long> seen) throws ResourceFailure {
        var sessions = new HashSet<Long>();
        var settledBy = System.nanoTime() + SETTLING_LIMIT.toNanos();
        var pause = FIRST_PAUSE.toNanos();
        while (true) {
            var found = Members.look(this, ProcessTable.all(), sessions);
            var now = System.nanoTime();
            if (found.living().isEmpty() && (!found.unsettled() || now - settledBy >= 0)) {
                return;
            }
            if (now - until >= 0) {
                throw unkillable(found.living().stream().mapToLong(Entry::pid));
            }
            for (var member : found.living()) {
                seen.put(member.pid(), member.startTicks());
                killOne(member.pid(), member.startTicks());
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
    }

    static boolean ofThisBoot(ProcessIdentity identity) {
        return identity.bootId().equals(ProcessTable.bootId());
    }

    /// The members that live now, however they are found.
    ///
    /// @param sessions the sessions known to be the tree's from earlier looks; this look adds to them
    List<Entry> living(Set<Long> sessions) {
        var found = new LinkedHashMap<Long, Entry>();
        var pids = new ArrayList<Long>();
        roots.stream().filter(Tree::ofThisBoot).forEach(root -> pids.add(root.pid()));
        for (var group : groups) {
            try {
                pids.addAll(group.processes());
            } catch (IOException e) {
                throw new UncheckedIOException("reading control group '" + group.path() + "'", e);
            }
        }
        for (var pid : pids) {
            ProcessTable.read(pid)
                    .filter(Entry::alive)
                    .filter(entry -> roots.stream()
                            .allMatch(root -> root.pid() != pid || root.startTicks() == entry.startTicks()))
                    .ifPresent(entry -> found.put(pid, entry));
        }
        if (scan) {
            Members.look(this, ProcessTable.all(), sessions).living().forEach(entry -> found.put(entry.pid(), entry));
        }
        return List.copyOf(found.values());
    }

    private static void killOne(long pid, long startTicks) {
        send(pid, startTicks, Signal.KILL);
    }

    static void send(long pid, long startTicks, Signal signal) {
        Pidfd.open(pid, startTicks).ifPresent(process -> {
            try (process) {
                process.send(signal);
            }
        });
    }

    ResourceFailure unkillable(LongStream pids) {
        var words = pids.mapToObj(Tree::describe).collect(Collectors.joining("; "));
        return new ResourceFailure(
                "ending '%s': %s did not end after SIGKILL. State D waits for a device or file server: look there, or restart the node"
                        .formatted(resource, words));
    }

    private static String describe(long pid) {
        return "process %d (%s, %s)".formatted(pid, ProcessTable.name(pid), ProcessTable.standing(pid));
    }
}
