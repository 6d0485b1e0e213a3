package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.JsonText;
import dev.mainstay.api.PlanView;
import dev.mainstay.api.PropertyValues;
import dev.mainstay.cli.run.ManifestFile;
import dev.mainstay.cli.screen.Terminal;
import dev.mainstay.cli.screen.Text;
import dev.mainstay.protocol.PlainText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;

/// `mainstay apply`: shows the plan, asks where somebody can answer, and carries it out.
final class Apply {
    private Apply() {}

    static int run(Invocation call) {
        var json = call.json();
        var file = call.value("file")
                .or(() -> call.names().stream().findFirst())
                .orElseThrow(() -> new ClusterException(
                        ErrorCode.BAD_INPUT,
                        "cannot apply: the manifest is missing.",
                        "Name it:  mainstay apply -f FILE"));
        var yaml = ManifestFile.read(file, "apply");
        var directory = ManifestFile.directory(file);
        var client = call.client();
        var plan = client.apply(file, directory, yaml, true);
        if (!json) {
            show(plan, "the cluster is as the manifest says.", call.terminal());
        }
        if (call.has("dry-run") || plan.changes().isEmpty()) {
            return end(call, plan, json);
        }
        if (!call.has("yes")) {
            if (json || !call.terminal().interactive()) {
                throw new ClusterException(
                        ErrorCode.BAD_INPUT,
                        "cannot apply '" + file + "': nobody can be asked whether to carry out "
                                + Text.count(plan.changes().size(), "change") + ". Nothing was changed.",
                        "Add --yes to carry the plan out, or --dry-run to see it only.");
            }
            if (!agreed(call.terminal())) {
                call.terminal().line("Nothing was changed.");
                return ErrorCode.FAILED.category().exitCode();
            }
        }
        var done = client.apply(file, directory, yaml, false);
        if (!json) {
            call.terminal().line("");
            call.terminal()
                    .line("Applied " + Text.count(done.changes().size(), "change") + ", configuration revision "
                            + done.configRevision() + ".");
        }
        return end(call, done, json);
    }

    /// `mainstay resource set`: changes properties of one resource and tells when they take effect.
    static int set(Invocation call) {
        var json = call.json();
        var values = new LinkedHashMap<String, String>();
        for (var assignment : call.names().subList(1, call.names().size())) {
            var equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new ClusterException(
                        ErrorCode.BAD_INPUT,
                        "cannot set properties of resource '" + call.name() + "': '" + assignment
                                + "' is no PROPERTY=VALUE.",
                        "Write the name, an equals sign and the value; see them with:  mainstay resource show "
                                + call.name());
            }
            values.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        var plan = call.client()
                .resourceSet(call.name(), new PropertyValues(values, call.values("unset")), call.has("dry-run"));
        if (!json) {
            show(plan, "the properties have these values already.", call.terminal());
        }
        return end(call, plan, json);
    }

    private static int end(Invocation call, PlanView plan, boolean json) {
        if (json) {
            call.terminal().json(JsonText.of(plan));
        }
        return 0;
    }

    private static void show(PlanView plan, String nothing, Terminal terminal) {
        if (plan.changes().isEmpty()) {
            terminal.line("Nothing to change: " + nothing);
            return;
        }
        for (var change : plan.changes()) {
            terminal.line(mark(change.action()) + " " + change.action() + " " + change.kind() + " "
                    + PlainText.oneLine(change.name())
                    + (change.consequence().isEmpty() ? "" : " (" + PlainText.oneLine(change.consequence()) + ")"));
            change.details().forEach(detail -> terminal.line("    " + PlainText.oneLine(detail)));
        }
    }

    private static String mark(String action) {
        return switch (action) {
            case "add" -> "+";
            case "delete" -> "-";
            default -> "~";
        };
    }

    private static boolean agreed(Terminal terminal) {
        terminal.out().print("\nCarry this out? [y/N] ");
        terminal.flush();
        try {
            var answer = terminal.in().readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException gone) {
            // Whoever was asked is gone: that is a no.
            return false;
        }
    }
}
