package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.ProcessTable.Entry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Finds the members of a tree among all processes, without control groups.
///
/// A member carries the mark in its environment, among its open files or as its birthmark, is a known root, is a
/// child of a member, or is in a session that a member began. The session of a member counts also when the
/// process that began it has ended, but not when that process lives and is no member: then the session is
/// somebody else's. Sessions are remembered from look to look, because the first kill may take the member that
/// proved them.
///
/// Out of reach is a process that has changed its limit for file locks, wiped its environment, closed the files
/// it inherited, began a session of its own and lost its parents before anybody looked.
final class Members {
    /// The kernel's first process, and the parent of kernel threads.
    private static final long INIT = 1;

    private static final long KERNEL = 2;

    private final Map<Long, Entry> byPid = new HashMap<>();
    private final Map<Long, Entry> members = new HashMap<>();
    private final Set<Long> never = new HashSet<>();
    /// The sessions of the monitor and the processes above it.
    private final Set<Long> ownSessions = new HashSet<>();

    private final Set<Long> sessions;
    private boolean unsettled;

    private Members(Collection<Entry> all, Set<Long> sessions) {
        this.sessions = sessions;
        all.stream().filter(Entry::alive).forEach(entry -> byPid.put(entry.pid(), entry));
        for (var pid = ProcessHandle.current().pid(); pid > 0 && never.add(pid); ) {
            var entry = byPid.get(pid);
            pid = entry == null ? 0 : entry.parent();
        }
        never.stream()
                .map(byPid::get)
                .filter(Objects::nonNull)
                .map(Entry::session)
                .forEach(ownSessions::add);
        never.addAll(List.of(INIT, KERNEL));
    }

    /// What one look found.
    ///
    /// @param living the members that live
    /// @param unsettled whether a process was just becoming another program, so that its mark could not be seen
    record Found(List<Entry> living, boolean unsettled) {}

    /// Looks for the members of the tree.
    ///
    /// @param sessions the sessions known to be the tree's from earlier looks; this look adds to them
    static Found look(Tree tree, Collection<Entry> all, Set<Long> sessions) {
        var look = new Members(all, sessions);
        look.addKnown(tree);
        while (look.addRelated()) {
            // each pass may make further processes related
        }
        return new Found(List.copyOf(look.members.values()), look.unsettled);
    }

    private void addKnown(Tree tree) {
        for (var root : tree.roots()) {
            var entry = byPid.get(root.pid());
            if (entry != null && entry.startTicks() == root.startTicks() && Tree.ofThisBoot(root)) {
                add(entry);
            }
        }
        var mark = tree.mark();
        for (var entry : byPid.values()) {
            if (never.contains(entry.pid()) || entry.parent() == KERNEL) {
                continue;
            }
            var value = ProcessTable.environment(entry.pid(), mark.name());
            if (value.filter(mark.value()::equals).isPresent()
                    || mark.lineage().holds(entry.pid())
                    || Kinship.shows(entry.pid(), mark)) {
                add(entry);
            } else if (value.isEmpty() && ProcessTable.becomingAnother(entry.pid())) {
                unsettled = true;
            }
        }
    }

    private boolean addRelated() {
        members.values().stream()
                .map(Entry::session)
                .filter(leader -> leader != 0)
                .forEach(sessions::add);
        sessions.removeIf(leader -> byPid.containsKey(leader) && !members.containsKey(leader));
        // a root that was forked a moment ago is still in the monitor's session
        sessions.removeAll(ownSessions);
        var before = members.size();
        byPid.values().stream()
                .filter(entry -> sessions.contains(entry.session()) || members.containsKey(entry.parent()))
                .toList()
                .forEach(this::add);
        return members.size() > before;
    }

    private void add(Entry entry) {
        if (!never.contains(entry.pid())) {
            members.put(entry.pid(), entry);
        }
    }
}
