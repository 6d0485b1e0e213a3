package dev.mainstay.cli;

import dev.mainstay.api.EventView;
import dev.mainstay.api.GroupView;
import dev.mainstay.api.JsonText;
import dev.mainstay.api.MonitorView;
import dev.mainstay.api.NodeView;
import dev.mainstay.api.ResourceView;
import dev.mainstay.cli.screen.EventText;
import dev.mainstay.cli.screen.Monitors;
import dev.mainstay.cli.screen.Table;
import dev.mainstay.cli.screen.Views;
import dev.mainstay.protocol.PlainText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The commands that look and change nothing.
final class Queries {
    /// How long `events --follow` looks for a service that went away.
    private static final Duration FOLLOW_PATIENCE = Duration.ofMinutes(5);

    private static final int EVENTS_DEFAULT = 100;
    private static final int EVENTS_MAX = 1000;

    private Queries() {}

    static int status(Invocation call) {
        var json = call.json();
        var status = call.client().status();
        var terminal = call.terminal();
        if (json) {
            terminal.json(JsonText.of(status));
            return 0;
        }
        terminal.line("cluster " + PlainText.oneLine(status.cluster()) + ", revision " + status.revision()
                + ", asked node " + status.node());
        if (status.leader().isEmpty()) {
            terminal.line("No node leads at the moment: nothing can be changed until one does.");
        }
        terminal.line("");
        var nodes = new Table("NODE", "STATE", "ROLE", "MONITOR");
        for (var node : status.nodes()) {
            nodes.row(node.name(), node.state(), node.leader() ? "leader" : "", monitor(node));
        }
        nodes.lines(terminal.colour()).forEach(terminal::line);
        terminal.line("");
        var groups = Views.tree(status.groups(), terminal.zone());
        if (groups.isEmpty()) {
            terminal.line("No groups. Add some with:  mainstay apply -f FILE");
        } else {
            groups.lines(terminal.colour()).forEach(terminal::line);
        }
        if (!status.notices().isEmpty()) {
            terminal.line("");
            status.notices().forEach(notice -> terminal.line("! " + PlainText.oneLine(notice)));
        }
        return 0;
    }

    static int groups(Invocation call) {
        var json = call.json();
        var groups = call.client().groups();
        if (json) {
            call.terminal().json(JsonText.of(GroupView.class, groups));
            return 0;
        }
        return show(call, Views.groups(groups));
    }

    static int group(Invocation call) {
        var json = call.json();
        var group = call.client().group(call.name());
        if (json) {
            call.terminal().json(JsonText.of(group));
            return 0;
        }
        Views.group(group, call.terminal());
        return 0;
    }

    static int resources(Invocation call) {
        var json = call.json();
        var resources = call.client().resources();
        if (json) {
            call.terminal().json(JsonText.of(ResourceView.class, resources));
            return 0;
        }
        return show(call, Views.resources(resources, call.terminal().zone()));
    }

    static int resource(Invocation call) {
        var json = call.json();
        var resource = call.client().resource(call.name());
        if (json) {
            call.terminal().json(JsonText.of(resource));
            return 0;
        }
        Views.resource(resource, call.terminal());
        return 0;
    }

    static int types(Invocation call) {
        var json = call.json();
        var types = call.client().types();
        if (json) {
            call.terminal().json(JsonText.of(types));
            return 0;
        }
        var _ = show(call, Views.types(types.types()));
        var refused = types.refused();
        if (!refused.isEmpty()) {
            call.terminal().line("");
            call.terminal().line("Refused by the monitors of this node:");
            refused.forEach(reason -> call.terminal().line("  " + PlainText.oneLine(reason)));
        }
        return 0;
    }

    static int type(Invocation call) {
        var json = call.json();
        var type = call.client().type(call.name());
        if (json) {
            call.terminal().json(JsonText.of(type));
            return 0;
        }
        Views.type(type, call.has("stacks"), call.terminal());
        return 0;
    }

    static int monitors(Invocation call) {
        var json = call.json();
        var monitors = call.client().monitors();
        if (json) {
            call.terminal().json(JsonText.of(MonitorView.class, monitors));
            return 0;
        }
        return show(call, Monitors.table(monitors, call.terminal().zone()));
    }

    static int monitor(Invocation call) {
        var json = call.json();
        var monitor = call.client().monitor(call.name());
        if (json) {
            call.terminal().json(JsonText.of(monitor));
            return 0;
        }
        Monitors.one(monitor, call.has("stacks"), call.terminal());
        return 0;
    }

    static int export(Invocation call) {
        var group = call.names().stream().findFirst().orElse("");
        call.terminal().line(call.client().export(group).stripTrailing());
        return 0;
    }

    static int why(Invocation call) {
        var json = call.json();
        var kind = call.names().size() == 2 ? call.name() : "";
        var why = call.client().why(call.names().getLast(), kind);
        var terminal = call.terminal();
        if (json) {
            terminal.json(JsonText.of(why));
            return 0;
        }
        terminal.line(why.kind() + " '" + why.name() + "' is " + why.state() + ".");
        terminal.line("  " + PlainText.oneLine(why.sentence()));
        if (!why.chain().isEmpty()) {
            terminal.line("");
            terminal.line("What led there:");
            why.chain().forEach(event -> terminal.line("  " + EventText.brief(event, terminal.zone())));
        }
        return 0;
    }

    static int events(Invocation call) {
        var json = call.json();
        var limit = call.number("limit", EVENTS_DEFAULT, 1, EVENTS_MAX);
        var after = call.value("after").orElse("");
        var events = after.isEmpty()
                ? call.client().latestEvents(limit)
                : call.client().events(after, limit);
        if (json && !call.has("follow")) {
            call.terminal().json(JsonText.of(EventView.class, events));
            return 0;
        }
        for (var event : events) {
            write(call, event, json);
        }
        if (!call.has("follow")) {
            return 0;
        }
        return follow(call, events.isEmpty() ? after : events.getLast().id(), json);
    }

    private static int follow(Invocation call, String after, boolean json) {
        try (var stream = call.client().follow(after, FOLLOW_PATIENCE)) {
            while (call.terminal().flush()) {
                Optional<EventView> next = stream.next();
                if (next.isEmpty()) {
                    return 0;
                }
                write(call, next.get(), json);
            }
        }
        return 0;
    }

    private static void write(Invocation call, EventView event, boolean json) {
        var terminal = call.terminal();
        terminal.line(
                json
                        ? PlainText.json(JsonText.line(event))
                        : PlainText.oneLine(event.id()) + " " + EventText.dated(event, terminal.zone()));
    }

    private static int show(Invocation call, Table table) {
        List<String> lines = table.lines(call.terminal().colour());
        lines.forEach(call.terminal()::line);
        return 0;
    }

    private static String monitor(NodeView node) {
        return node.monitor() == 0 ? "" : "pid " + node.monitor();
    }
}
