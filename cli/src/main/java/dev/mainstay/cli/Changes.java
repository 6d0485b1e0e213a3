package dev.mainstay.cli;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.JsonText;
import dev.mainstay.api.Terms;
import dev.mainstay.protocol.PlainText;
import java.util.Optional;

/// The commands that want a state: asked once, then waited for.
final class Changes {
    private Changes() {}

    static int groupOnline(Invocation call) {
        return act(call, Client::groupOnline);
    }

    static int groupOffline(Invocation call) {
        return act(call, Client::groupOffline);
    }

    static int groupMove(Invocation call) {
        var node = call.value("to")
                .orElseThrow(() -> new ClusterException(
                        ErrorCode.BAD_INPUT,
                        "cannot move group '" + call.name() + "': the node is missing.",
                        "Name it with --to NODE; mainstay status lists the nodes."));
        return act(call, (client, name, terms) -> client.groupMove(name, node, terms));
    }

    static int groupDelete(Invocation call) {
        return act(call, (client, name, terms) -> client.groupDelete(name, call.has("force"), terms));
    }

    static int groupRestart(Invocation call) {
        return act(call, Client::groupRestart);
    }

    static int groupReset(Invocation call) {
        return act(call, Client::groupReset);
    }

    static int groupMaintenance(Invocation call) {
        var on = onOrOff(call);
        var reason = call.value("reason").orElse("");
        return act(call, (client, name, terms) -> client.groupMaintenance(name, on, reason, terms));
    }

    static int resourceRestart(Invocation call) {
        return act(call, Client::resourceRestart);
    }

    static int resourceReset(Invocation call) {
        return act(call, Client::resourceReset);
    }

    static int resourceMaintenance(Invocation call) {
        var on = onOrOff(call);
        var reason = call.value("reason").orElse("");
        return act(call, (client, name, terms) -> client.resourceMaintenance(name, on, reason, terms));
    }

    private static boolean onOrOff(Invocation call) {
        var word = call.names().getLast();
        if (!word.equals("on") && !word.equals("off")) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "maintenance of '" + call.name() + "': '" + word + "' is neither on nor off.",
                    "Write on to begin it and off to end it.");
        }
        return word.equals("on");
    }

    static int resourceOnline(Invocation call) {
        return act(call, Client::resourceOnline);
    }

    static int resourceOffline(Invocation call) {
        return act(call, Client::resourceOffline);
    }

    static int resourceFail(Invocation call) {
        return act(call, Client::resourceFail);
    }

    static int resourceDelete(Invocation call) {
        return act(call, (client, name, terms) -> client.resourceDelete(name, call.has("force"), terms));
    }

    static int resourceDebug(Invocation call) {
        return tell(call, call.client().resourceDebug(call.name(), call.has("stop")));
    }

    static int monitorRestart(Invocation call) {
        return tell(call, call.client().monitorRestart(call.name()));
    }

    /// `delete group NAME`, `delete resource NAME`, or `delete NAME` where only one of the two has the name.
    static int delete(Invocation call) {
        var name = call.names().getLast();
        var kind = call.names().size() == 2 ? call.name() : kindOf(name, call.client());
        return switch (kind) {
            case "group" -> act(call, (client, _, terms) -> client.groupDelete(name, call.has("force"), terms));
            case "resource" -> act(call, (client, _, terms) -> client.resourceDelete(name, call.has("force"), terms));
            default ->
                throw new ClusterException(
                        ErrorCode.BAD_INPUT,
                        "cannot delete '" + kind + " " + name + "': only groups and resources can be deleted.",
                        "Write:  mainstay delete group NAME    or  mainstay delete resource NAME");
        };
    }

    private static String kindOf(String name, Client client) {
        var group = client.groups().stream().anyMatch(one -> one.name().equals(name));
        var resource = client.resources().stream().anyMatch(one -> one.name().equals(name));
        if (group && resource) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot delete '" + name + "': both a group and a resource have this name.",
                    "Write:  mainstay delete group " + name + "    or  mainstay delete resource " + name);
        }
        return group ? "group" : "resource";
    }

    static int loadPlugins(Invocation call) {
        var json = call.json();
        var answer = call.client().loadPlugins();
        call.terminal().line(json ? PlainText.json(JsonText.of(answer)) : PlainText.oneLine(answer.message()));
        return 0;
    }

    /// A changing request about one name.
    private interface Request {
        ActionView send(Client client, String name, Terms terms);
    }

    private static int act(Invocation call, Request request) {
        var terms = call.terms();
        var answer = request.send(call.client(), call.name(), terms);
        var reached = code(answer, terms);
        if (reached.isPresent() && !call.json()) {
            throw new ClusterException(
                    reached.get(),
                    PlainText.oneLine(answer.message()),
                    (reached.get() == ErrorCode.TIMED_OUT ? "It goes on. " : "") + "What led there:  mainstay why "
                            + call.names().getLast());
        }
        tell(call, answer);
        return reached.map(code -> code.category().exitCode()).orElse(0);
    }

    private static int tell(Invocation call, ActionView answer) {
        if (call.json()) {
            call.terminal().json(JsonText.of(answer));
        } else {
            call.terminal().line(PlainText.oneLine(answer.message()));
        }
        return 0;
    }

    /// What is wrong with an outcome: whoever waited did not get what was asked.
    private static Optional<ErrorCode> code(ActionView answer, Terms terms) {
        return switch (answer.outcome()) {
            case "failed" -> Optional.of(ErrorCode.FAILED);
            case "pending" ->
                terms.waitLimit().isZero() || terms.dryRun() ? Optional.empty() : Optional.of(ErrorCode.TIMED_OUT);
            default -> Optional.empty();
        };
    }
}
