package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.ProcessTable.Entry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the members of a tree among all processes, without control groups.
///
/// A member carries the mark, is a known root, is a child of a member, or is in a session that a member began. The
/// session of a member counts also when the process that began it has ended, but not when that process lives and
/// is no member: then the session is somebody else's.
///
/// Out of reach is a process that wiped its environment, began a session of its own and lost its parents before
/// anybody looked; only a control group holds such a one.
final class Members {
    /// The kernel's first process, and the parent of kernel threads.
    private static final long INIT = 1;

    private static final long KERNEL = 2;

    private final Map<Long, Entry> byPid = new HashMap<>();
    private final Map<Long, Entry> members = new HashMap<>();
    private final Set<Long> never = new HashSet<>();

    private Members(Collection<Entry> all) {
        all.stream().filter(Entry::alive).forEach(entry -> byPid.put(entry.pid(), entry));
        for (var pid = ProcessHandle.current().pid(); pid > 0 && never.add(pid); ) {
            var entry = byPid.get(pid);
            pid = entry == null ? 0 : entry.parent();
        }
        never.addAll(List.of(INIT, KERNEL));
    }

    /// The living members of the tree.
    static List<Entry> of(Tree tree, Collection<Entry> all) {
        var found = new Members(all);
        found.addKnown(tree);
        while (found.addRelated()) {
            // each pass may make further processes related
        }
        return List.copyOf(found.members.values());
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
            if (!never.contains(entry.pid())
                    && ProcessTable.environment(entry.pid(), mark.name())
                            .filter(mark.value()::equals)
                            .isPresent()) {
                add(entry);
            }
        }
    }

    private boolean addRelated() {
        var sessions = new HashSet<Long>();
        for (var member : members.values()) {
            var leader = member.session();
            if (members.containsKey(leader) || !byPid.containsKey(leader)) {
                sessions.add(leader);
            }
        }
        sessions.remove(0L);
        var before = members.size();
        byPid.values().stream()
                .filter(entry -> sessions.contains(entry.session()) || members.containsKey(entry.parent()))
                .forEach(this::add);
        return members.size() > before;
    }

    private void add(Entry entry) {
        if (!never.contains(entry.pid())) {
            members.put(entry.pid(), entry);
        }
    }
}
