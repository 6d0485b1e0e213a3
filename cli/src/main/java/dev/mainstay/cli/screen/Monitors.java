package dev.mainstay.cli.screen;

import dev.mainstay.api.MonitorView;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/// How resource monitors look.
public final class Monitors {
    private Monitors() {}

    /// All monitors, one line each.
    public static Table table(List<MonitorView> monitors, ZoneId zone) {
        var table = new Table("MONITOR", "STATE", "PID", "SINCE", "HOSTS", "CRASHES", "MEMORY", "NOTE");
        for (var monitor : monitors) {
            table.row(
                    monitor.name(),
                    state(monitor, zone),
                    pid(monitor),
                    Text.time(monitor.since(), zone, false),
                    Text.count(monitor.resources().size(), "resource"),
                    monitor.crashes() == 0 ? "" : monitor.crashes() + " in 1h",
                    memory(monitor),
                    note(monitor));
        }
        return table;
    }

    /// Writes one monitor.
    ///
    /// @param stacks whether to show where the slowest calls stood
    public static void one(MonitorView monitor, boolean stacks, Terminal terminal) {
        var zone = terminal.zone();
        var facts = new Facts(terminal);
        facts.add("monitor", monitor.name());
        facts.add("node", monitor.node());
        facts.add("state", state(monitor, zone));
        facts.add("since", Text.time(monitor.since(), zone, true));
        facts.add("pid", pid(monitor));
        facts.add("debugger", port(monitor));
        facts.add("memory", memory(monitor));
        facts.add("limits", monitor.limits());
        facts.add("crashes", monitor.crashes() + " within the last hour");
        facts.add("last end", monitor.lastEnd());
        facts.add("that was at", Text.time(monitor.lastEndAt(), zone, true));
        facts.add("evidence", monitor.evidence());
        facts.add("trouble", monitor.trouble());
        monitor.isolated().forEach(one -> facts.add("special", one));
        monitor.refusedTypes().forEach(one -> facts.add("refused", one));
        facts.add("hosts", monitor.resources().isEmpty() ? "nothing" : String.join(", ", monitor.resources()));
        var measures = monitor.measures();
        if (measures != null) {
            Measures.of(measures, stacks, terminal);
        }
    }

    private static String state(MonitorView monitor, ZoneId zone) {
        if (monitor.state().equals("not answering")) {
            return "not answering since " + Text.time(monitor.since(), zone, false);
        }
        return monitor.startsAt().isEmpty()
                ? monitor.state()
                : "%s, starts at %s".formatted(monitor.state(), Text.time(monitor.startsAt(), zone, false));
    }

    private static String pid(MonitorView monitor) {
        return monitor.pid() == 0 ? "" : Long.toString(monitor.pid());
    }

    private static String memory(MonitorView monitor) {
        return monitor.memoryMib() == 0 ? "" : String.format(Locale.ROOT, "%.0f MiB", monitor.memoryMib());
    }

    private static String port(MonitorView monitor) {
        return monitor.debugPort() == 0 ? "" : "127.0.0.1:" + monitor.debugPort();
    }

    private static String note(MonitorView monitor) {
        if (!monitor.trouble().isEmpty()) {
            return monitor.trouble();
        }
        if (monitor.debugPort() != 0) {
            return "debugged at " + port(monitor);
        }
        return monitor.isolated().isEmpty() ? "" : monitor.isolated().getFirst();
    }
}
