package dev.mainstay.cli.screen;

import dev.mainstay.api.GroupView;
import dev.mainstay.api.ResourceView;
import dev.mainstay.api.TypeView;
import dev.mainstay.protocol.PlainText;
import java.time.ZoneId;
import java.util.List;

/// How groups, resources and types look.
public final class Views {
    /// What holds beside the state, the most important first.
    private static final List<String> CONDITIONS =
            List.of("networkLoss", "embeddedFailure", "locked", "ignoredFailure");

    /// As many characters of one reason are shown in a table.
    private static final int BRIEF = 60;

    private Views() {}

    /// Groups, each with its resources below it.
    public static Table tree(List<GroupView> groups, ZoneId zone) {
        var table = new Table("GROUP/RESOURCE", "TYPE", "STATE", "OWNER", "SINCE", "NOTE");
        for (var group : groups) {
            table.row(group.name(), "", group.state(), onWay(group), "", note(group));
            for (var resource : group.resources()) {
                table.row(
                        "  " + resource.name(),
                        resource.type(),
                        resource.state(),
                        "",
                        Text.time(resource.since(), zone, false),
                        note(resource));
            }
        }
        return table;
    }

    /// All groups, one line each.
    public static Table groups(List<GroupView> groups) {
        var table = new Table("GROUP", "STATE", "WANTED", "OWNER", "RESOURCES", "NOTE");
        for (var group : groups) {
            table.row(
                    group.name(),
                    group.state(),
                    group.wanted(),
                    onWay(group),
                    Integer.toString(group.resources().size()),
                    note(group));
        }
        return table;
    }

    /// All resources, one line each.
    public static Table resources(List<ResourceView> resources, ZoneId zone) {
        var table = new Table("RESOURCE", "GROUP", "TYPE", "STATE", "OWNER", "SINCE", "NOTE");
        for (var resource : resources) {
            table.row(
                    resource.name(),
                    resource.group(),
                    resource.type(),
                    resource.state(),
                    resource.owner(),
                    Text.time(resource.since(), zone, false),
                    note(resource));
        }
        return table;
    }

    /// All types, one line each.
    public static Table types(List<TypeView> types) {
        var table = new Table("TYPE", "VERSION", "LOOKSALIVE", "ISALIVE", "PLUGIN", "WHAT IT IS");
        for (var type : types) {
            table.row(
                    type.name(),
                    type.version(),
                    type.looksAliveInterval(),
                    type.isAliveInterval(),
                    type.plugin(),
                    firstSentence(type));
        }
        return table;
    }

    /// Writes one group.
    public static void group(GroupView group, Terminal terminal) {
        var facts = new Facts(terminal);
        facts.add("group", group.name());
        facts.add("description", group.description());
        facts.add("state", group.state());
        facts.add("wanted", group.wanted());
        facts.add("owner", onWay(group));
        facts.add("epoch", Long.toString(group.epoch()));
        facts.add("failovers", group.failovers() == 0 ? "" : Integer.toString(group.failovers()));
        facts.add("reason", group.reason());
        terminal.line("");
        var table = resources(group.resources(), terminal.zone());
        (table.isEmpty() ? List.of("No resources.") : table.lines(terminal.colour())).forEach(terminal::line);
    }

    /// Writes one resource.
    public static void resource(ResourceView resource, Terminal terminal) {
        var facts = new Facts(terminal);
        facts.add("resource", resource.name());
        facts.add("group", resource.group());
        facts.add("type", resource.type());
        facts.add("state", resource.state());
        facts.add("since", Text.time(resource.since(), terminal.zone(), true));
        facts.add("wanted", resource.wanted());
        facts.add("owner", resource.owner());
        facts.add("checkpoint", resource.checkpoint());
        facts.add("detail", resource.detail());
        facts.add("recovery", resource.recovery());
        facts.add("attempt", Long.toString(resource.attempt()));
        facts.add("restarts", Integer.toString(resource.restarts()));
        facts.add("depends on", resource.dependsOn());
        resource.conditions().forEach((name, value) -> facts.add(label(name), value));
        facts.add("reason", resource.reason());
        facts.add("monitor", joined(resource.monitor(), resource.monitorNote()));
        if (!resource.properties().isEmpty()) {
            terminal.line("");
            terminal.line("Properties:");
            resource.properties()
                    .forEach((name, values) ->
                            terminal.line("  " + name + ": " + PlainText.oneLine(String.join(" ", values))));
        }
    }

    /// Writes one type and its properties.
    public static void type(TypeView type, boolean stacks, Terminal terminal) {
        var facts = new Facts(terminal);
        facts.add("type", type.name());
        facts.add("version", type.version());
        facts.add("LooksAlive", "every " + type.looksAliveInterval());
        facts.add("IsAlive", "every " + type.isAliveInterval());
        facts.add("pending", "at most " + type.pendingTimeout() + " without progress");
        facts.add("deadlock", "after " + type.deadlockTimeout());
        facts.add("depends on", String.join(" and ", type.requiredDependencies()));
        facts.add("loaded from", type.plugin().isEmpty() ? "built in" : type.loadedFrom());
        facts.add("contract", type.contractVersion() == 0 ? "" : "version " + type.contractVersion());
        facts.add("calls", type.independent() ? "of different resources may overlap" : "one at a time in a monitor");
        facts.add("class", type.resourceClass());
        facts.add("abilities", String.join(", ", type.characteristics()));
        terminal.line("");
        terminal.line(PlainText.lines(type.help()).strip());
        terminal.line("");
        var table = new Table("PROPERTY", "KIND", "DEFAULT", "LIMITS", "CHANGES", "WHAT IT IS");
        for (var property : type.properties()) {
            table.row(
                    property.name(),
                    property.kind(),
                    property.required() ? "(required)" : property.defaultValue(),
                    property.limits(),
                    property.applies(),
                    property.help());
        }
        (table.isEmpty() ? List.of("No properties.") : table.lines(false)).forEach(terminal::line);
        if (!type.controls().isEmpty()) {
            terminal.line("");
            controls(type).lines(false).forEach(terminal::line);
        }
        Measures.calls(type.calls(), true, stacks, terminal);
    }

    private static Table controls(TypeView type) {
        var table = new Table("CONTROL", "OF", "INPUT", "CHANGES", "WHAT IT DOES");
        for (var control : type.controls()) {
            table.row(
                    control.code(),
                    "the " + control.of(),
                    String.join(", ", control.input()),
                    control.writes() ? "something" : "nothing",
                    control.help());
        }
        return table;
    }

    private static String onWay(GroupView group) {
        return group.movingTo().isEmpty() ? group.owner() : group.owner() + " -> " + group.movingTo();
    }

    /// Of a group that failed, which resources did: each has a note of its own.
    private static String note(GroupView group) {
        if (group.state().equals(group.wanted())) {
            return "";
        }
        var failed = group.resources().stream()
                .filter(resource -> resource.state().equals("failed"))
                .map(ResourceView::name)
                .toList();
        return failed.isEmpty() || !group.movingTo().isEmpty()
                ? brief(group.reason())
                : "failed: " + String.join(", ", failed);
    }

    /// What an operator wants to know where something is not as it should be: short, what matters most first. The
    /// whole is in `resource show`.
    private static String note(ResourceView resource) {
        var note = resource.conditions().containsKey("maintenance") ? "in maintenance" : "";
        var silent = resource.conditions().getOrDefault("lastKnown", "");
        note = joined(note, silent.isEmpty() ? "" : "last known: " + brief(silent));
        note = joined(note, stateNote(resource));
        for (var condition : CONDITIONS) {
            var words = resource.conditions().getOrDefault(condition, "");
            note = joined(note, words.isEmpty() ? "" : label(condition) + ": " + brief(words));
        }
        return note;
    }

    /// Evidence may be the output of a program.
    private static String brief(String words) {
        var line = PlainText.oneLine(words.strip().lines().findFirst().orElse(""));
        return line.length() <= BRIEF
                ? line + (words.strip().contains("\n") ? " ..." : "")
                : line.substring(0, BRIEF).stripTrailing() + " ...";
    }

    private static String label(String condition) {
        return switch (condition) {
            case "embeddedFailure" -> "failure inside";
            case "networkLoss" -> "network lost";
            case "ignoredFailure" -> "noted";
            case "lastKnown" -> "last known";
            default -> condition;
        };
    }

    private static String stateNote(ResourceView resource) {
        return switch (resource.state()) {
            case "online pending", "offline pending" -> brief(resource.checkpoint());
            case "failed" -> joined(brief(resource.detail()), resource.recovery());
            case "online" -> resource.restarts() == 0 ? "" : Text.count(resource.restarts(), "restart");
            default -> resource.recovery();
        };
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }

    /// The rest is shown by `type show`.
    private static String firstSentence(TypeView type) {
        return type.help().strip().split("\\R|(?<=[.:]) ", 2)[0].replaceFirst(":$", ".");
    }
}
