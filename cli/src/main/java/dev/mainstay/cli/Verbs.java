package dev.mainstay.cli;

import static dev.mainstay.cli.Choice.AFTER;
import static dev.mainstay.cli.Choice.DATA;
import static dev.mainstay.cli.Choice.DIR;
import static dev.mainstay.cli.Choice.DRY_RUN;
import static dev.mainstay.cli.Choice.EXAMPLE;
import static dev.mainstay.cli.Choice.FILE;
import static dev.mainstay.cli.Choice.FOLLOW;
import static dev.mainstay.cli.Choice.FORCE;
import static dev.mainstay.cli.Choice.IGNORE_LOCK;
import static dev.mainstay.cli.Choice.KEEP;
import static dev.mainstay.cli.Choice.LIMIT;
import static dev.mainstay.cli.Choice.MONITOR;
import static dev.mainstay.cli.Choice.NODE;
import static dev.mainstay.cli.Choice.NODES;
import static dev.mainstay.cli.Choice.OUTPUT;
import static dev.mainstay.cli.Choice.PLUGINS;
import static dev.mainstay.cli.Choice.PROPERTY;
import static dev.mainstay.cli.Choice.REASON;
import static dev.mainstay.cli.Choice.SOCKET;
import static dev.mainstay.cli.Choice.STACKS;
import static dev.mainstay.cli.Choice.STOP;
import static dev.mainstay.cli.Choice.TO;
import static dev.mainstay.cli.Choice.TYPE;
import static dev.mainstay.cli.Choice.UNSET;
import static dev.mainstay.cli.Choice.WAIT;
import static dev.mainstay.cli.Choice.YES;

import dev.mainstay.cli.Verb.Range;
import dev.mainstay.cli.run.Run;
import java.util.ArrayList;
import java.util.List;

/// The table of all commands, in the order of the help.
final class Verbs {
    /// Every command.
    static final List<Verb> ALL = List.of(
            new Verb(
                    "run",
                    "FILE",
                    Range.ONE,
                    "keep what a manifest says online, in the foreground, until Ctrl-C",
                    List.of(NODES, DATA),
                    List.of("mainstay run examples/website.yaml", "mainstay run --nodes 3 examples/website.yaml"),
                    call -> Run.run(call.terminal(), call.name(), call.number("nodes", 1, 1, 3), call.value("data"))),
            query(
                    "status",
                    "",
                    Range.NONE,
                    "nodes, groups and resources at one glance",
                    Queries::status,
                    "mainstay status"),
            query("group list", "", Range.NONE, "all groups", Queries::groups, "mainstay group list -o json"),
            query("group show", "NAME", Range.ONE, "one group", Queries::group, "mainstay group show web"),
            change(
                    "group online",
                    "bring a group online",
                    Changes::groupOnline,
                    "mainstay group online web --wait 2min",
                    IGNORE_LOCK),
            change(
                    "group offline",
                    "take a group offline",
                    Changes::groupOffline,
                    "mainstay group offline web",
                    IGNORE_LOCK),
            change(
                    "group restart",
                    "take a group offline and bring it online again",
                    Changes::groupRestart,
                    "mainstay group restart web",
                    IGNORE_LOCK),
            change(
                    "group move",
                    "NAME --to NODE",
                    "move a group to another node",
                    Changes::groupMove,
                    "mainstay group move web --to n2",
                    TO,
                    IGNORE_LOCK),
            change(
                    "group reset",
                    "forget the failures of a group and its resources; what was given up is tried again",
                    Changes::groupReset,
                    "mainstay group reset web"),
            maintenance(
                    "group maintenance",
                    "begin or end work on all resources of a group",
                    Changes::groupMaintenance,
                    "mainstay group maintenance web on --reason 'new disk'",
                    "mainstay group maintenance web off"),
            change(
                    "group delete",
                    "delete a group that is offline",
                    Changes::groupDelete,
                    "mainstay group delete web",
                    FORCE),
            query("resource list", "", Range.NONE, "all resources", Queries::resources, "mainstay resource list"),
            query(
                    "resource show",
                    "NAME",
                    Range.ONE,
                    "one resource",
                    Queries::resource,
                    "mainstay resource show web-server"),
            change(
                    "resource online",
                    "bring a resource online",
                    Changes::resourceOnline,
                    "mainstay resource online db",
                    IGNORE_LOCK),
            change(
                    "resource offline",
                    "take a resource offline",
                    Changes::resourceOffline,
                    "mainstay resource offline db",
                    IGNORE_LOCK),
            change(
                    "resource restart",
                    "take a resource and what needs it offline and bring both online again",
                    Changes::resourceRestart,
                    "mainstay resource restart db",
                    IGNORE_LOCK),
            change(
                    "resource reset",
                    "forget the failures of a resource; if it was given up it is tried again",
                    Changes::resourceReset,
                    "mainstay resource reset db"),
            maintenance(
                    "resource maintenance",
                    "begin or end work on a resource; meanwhile nothing is done to it unless by command",
                    Changes::resourceMaintenance,
                    "mainstay resource maintenance db on --reason 'upgrade to 18'",
                    "mainstay resource maintenance db off"),
            new Verb(
                    "resource set",
                    "NAME PROPERTY=VALUE...",
                    new Range(1, Integer.MAX_VALUE),
                    "change properties, and learn when each takes effect",
                    List.of(UNSET, DRY_RUN, OUTPUT, SOCKET, NODE),
                    List.of(
                            "mainstay resource set web stopSignal=QUIT --dry-run",
                            "mainstay resource set web 'command=[/usr/sbin/nginx, -g, daemon off;]' --unset user"),
                    EntryPointMark.outside("resource set", Apply::set)),
            change(
                    "resource fail",
                    "treat a resource as failed, to try its policy",
                    Changes::resourceFail,
                    "mainstay resource fail db"),
            change(
                    "resource delete",
                    "delete a resource that is offline",
                    Changes::resourceDelete,
                    "mainstay resource delete db",
                    FORCE),
            control(
                    "resource control",
                    "ask a control of a resource, such as get-processes",
                    Controls::resource,
                    "mainstay resource control db get-processes"),
            new Verb(
                    "resource debug",
                    "NAME",
                    Range.ONE,
                    "give a resource a monitor of its own with a port for a debugger",
                    List.of(STOP, OUTPUT, SOCKET, NODE),
                    List.of("mainstay resource debug db", "mainstay resource debug db --stop"),
                    EntryPointMark.outside("resource debug", Changes::resourceDebug)),
            query(
                    "monitor list",
                    "",
                    Range.NONE,
                    "the resource monitors of a node",
                    Queries::monitors,
                    "mainstay monitor list"),
            new Verb(
                    "monitor show",
                    "NAME",
                    Range.ONE,
                    "one resource monitor, what it hosts, and how long calls took",
                    List.of(STACKS, OUTPUT, SOCKET, NODE),
                    List.of("mainstay monitor show default"),
                    Queries::monitor),
            query(
                    "monitor restart",
                    "NAME",
                    Range.ONE,
                    "kill a resource monitor; the next one adopts what it hosts",
                    EntryPointMark.outside("monitor restart", Changes::monitorRestart),
                    "mainstay monitor restart default"),
            new Verb(
                    "service stop",
                    "",
                    Range.NONE,
                    "end the cluster service of a node: everything on it goes offline, unless it is kept",
                    List.of(KEEP, WAIT, OUTPUT, SOCKET, NODE),
                    List.of("mainstay service stop --keep", "mainstay service stop --wait 10min"),
                    EntryPointMark.outside("service stop", ServiceStop::run)),
            query("type list", "", Range.NONE, "all resource types", Queries::types, "mainstay type list"),
            new Verb(
                    "type show",
                    "NAME",
                    Range.ONE,
                    "one type, its properties, its controls, and how long its calls took",
                    List.of(STACKS, OUTPUT, SOCKET, NODE),
                    List.of("mainstay type show process", "mainstay type show script --stacks"),
                    Queries::type),
            control(
                    "type control",
                    "ask a control of a type, in one of its monitors",
                    Controls::type,
                    "mainstay type control process get-characteristics",
                    MONITOR),
            query(
                    "type load",
                    "",
                    Range.NONE,
                    "have this node's monitors look for plugins again",
                    Changes::loadPlugins,
                    "mainstay type load"),
            plugin(
                    "type install",
                    "JAR|FOLDER",
                    "check a plugin and hand it to this node's monitors",
                    Plugins::install,
                    "mainstay type install target/acme.jar"),
            plugin(
                    "type upgrade",
                    "JAR|FOLDER",
                    "the same, in place of one that is installed",
                    Plugins::upgrade,
                    "mainstay type upgrade target/acme.jar"),
            plugin(
                    "type remove",
                    "PLUGIN",
                    "take a plugin out; what is online of it goes on",
                    Plugins::remove,
                    "mainstay type remove acme"),
            new Verb(
                    "type try",
                    "JAR|FOLDER",
                    Range.ONE,
                    "run one resource of a plugin alone, with a console",
                    List.of(PROPERTY, TYPE),
                    List.of("mainstay type try target/acme.jar -p key=value"),
                    Plugins::tryOut),
            new Verb(
                    "type new",
                    "NAME",
                    Range.ONE,
                    "write a project for a resource type of your own",
                    List.of(EXAMPLE, DIR, OUTPUT),
                    List.of("mainstay type new acme --dir ~/src", "mainstay type new acme --example daemon"),
                    Plugins::write),
            new Verb(
                    "apply",
                    "-f FILE",
                    new Range(0, 1),
                    "make the cluster as a manifest says; the plan is shown first",
                    List.of(FILE, DRY_RUN, YES, OUTPUT, SOCKET, NODE),
                    List.of("mainstay apply -f web.yaml --dry-run", "mainstay apply -f web.yaml --yes"),
                    EntryPointMark.outside("apply", Apply::run)),
            new Verb(
                    "export",
                    "[GROUP]",
                    new Range(0, 1),
                    "the running configuration as a manifest",
                    List.of(SOCKET, NODE),
                    List.of("mainstay export > cluster.yaml", "mainstay export web"),
                    Queries::export),
            new Verb(
                    "delete",
                    "[group|resource] NAME",
                    new Range(1, 2),
                    "delete a group or a resource",
                    List.of(FORCE, DRY_RUN, WAIT, OUTPUT, SOCKET, NODE),
                    List.of("mainstay delete group web --force", "mainstay delete resource db"),
                    EntryPointMark.outside("delete", Changes::delete)),
            query(
                    "why",
                    "[group|resource] NAME",
                    new Range(1, 2),
                    "why it is as it is",
                    Queries::why,
                    "mainstay why web-server"),
            new Verb(
                    "events",
                    "",
                    Range.NONE,
                    "what happened last, oldest of it first",
                    List.of(FOLLOW, AFTER, LIMIT, OUTPUT, SOCKET, NODE),
                    List.of("mainstay events --limit 20", "mainstay events --follow"),
                    Queries::events),
            new Verb("version", "", Range.NONE, "the version of this command", List.of(), List.of(), Help::version),
            new Verb(
                    "completion",
                    "bash",
                    Range.ONE,
                    "a completion script for a shell",
                    List.of(),
                    List.of("source <(mainstay completion bash)"),
                    Completion::run),
            new Verb(
                    "help",
                    "[COMMAND]",
                    Range.ANY,
                    "how a command is written",
                    List.of(),
                    List.of("mainstay help group move"),
                    Help::run));

    private Verbs() {}

    private static Verb plugin(String words, String operands, String summary, Verb.Action action, String example) {
        return new Verb(
                words,
                operands,
                Range.ONE,
                summary,
                List.of(PLUGINS, OUTPUT, SOCKET, NODE),
                List.of(example),
                EntryPointMark.outside(words, action));
    }

    private static Verb query(
            String words, String operands, Range names, String summary, Verb.Action action, String example) {
        return new Verb(words, operands, names, summary, List.of(OUTPUT, SOCKET, NODE), List.of(example), action);
    }

    private static Verb change(String words, String summary, Verb.Action action, String example, Choice... own) {
        return change(words, "NAME", summary, action, example, own);
    }

    private static Verb change(
            String words, String operands, String summary, Verb.Action action, String example, Choice... own) {
        List<Choice> choices = new ArrayList<>(List.of(own));
        choices.addAll(List.of(WAIT, DRY_RUN, OUTPUT, SOCKET, NODE));
        return new Verb(
                words,
                operands,
                Range.ONE,
                summary,
                List.copyOf(choices),
                List.of(example),
                EntryPointMark.outside(words, action));
    }

    private static Verb control(String words, String summary, Verb.Action action, String example, Choice... own) {
        List<Choice> choices = new ArrayList<>(List.of(own));
        choices.addAll(List.of(WAIT, OUTPUT, SOCKET, NODE));
        return new Verb(
                words,
                "NAME CODE [INPUT=VALUE...]",
                new Range(2, Integer.MAX_VALUE),
                summary,
                List.copyOf(choices),
                List.of(example),
                EntryPointMark.outside(words, action));
    }

    private static Verb maintenance(String words, String summary, Verb.Action action, String... examples) {
        return new Verb(
                words,
                "NAME on|off",
                Range.TWO,
                summary,
                List.of(REASON, DRY_RUN, OUTPUT, SOCKET, NODE),
                List.of(examples),
                EntryPointMark.outside(words, action));
    }

    /// The commands that begin with this word.
    static List<Verb> of(String noun) {
        return ALL.stream().filter(verb -> verb.noun().equals(noun)).toList();
    }

    /// The first words of all commands.
    static List<String> nouns() {
        return ALL.stream().map(Verb::noun).distinct().toList();
    }
}
