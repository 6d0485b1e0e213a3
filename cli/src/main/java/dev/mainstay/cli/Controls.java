package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ControlInput;
import dev.mainstay.api.ControlView;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.JsonText;
import dev.mainstay.api.Terms;
import dev.mainstay.cli.screen.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The commands that ask a control of a resource or of a type.
final class Controls {
    private Controls() {}

    static int resource(Invocation call) {
        var code = call.names().get(1);
        var input = input(call, "control '" + code + "' of resource '" + call.name() + "'");
        return show(call, call.client().resourceControl(call.name(), code, input, terms(call)));
    }

    static int type(Invocation call) {
        var code = call.names().get(1);
        var input = input(call, "control '" + code + "' of type '" + call.name() + "'");
        var monitor = call.value("monitor").orElse("");
        return show(call, call.client().typeControl(call.name(), code, monitor, input, terms(call)));
    }

    private static Terms terms(Invocation call) {
        var terms = call.terms();
        if (terms.waitLimit().isZero()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "--wait '" + call.value("wait").orElse("") + "': a control is asked for its answer.",
                    "Give the longest time to wait for it, or leave --wait out for 60s.");
        }
        return terms;
    }

    private static int show(Invocation call, ControlView answer) {
        var terminal = call.terminal();
        if (call.json()) {
            terminal.json(JsonText.of(answer));
            return 0;
        }
        if (answer.output().isEmpty()) {
            terminal.line("Done; control '" + answer.code() + "' has nothing to tell.");
            return 0;
        }
        var table = new Table("NAME", "VALUE");
        for (var one : new TreeMap<>(answer.output()).entrySet()) {
            var shown = one.getKey();
            for (var value : one.getValue()) {
                table.row(shown, value);
                shown = "";
            }
            if (!shown.isEmpty()) {
                table.row(shown, "");
            }
        }
        table.lines(terminal.colour()).forEach(terminal::line);
        return 0;
    }

    /// The words `name=value` behind the code; a list is written `[a, b]` or as several words.
    private static ControlInput input(Invocation call, String asked) {
        Map<String, List<String>> input = new LinkedHashMap<>();
        for (var word : call.names().subList(2, call.names().size())) {
            var equals = word.indexOf('=');
            if (equals < 1) {
                throw new ClusterException(
                        ErrorCode.BAD_INPUT,
                        asked + ": '" + word + "' is no NAME=VALUE.",
                        "Write the name of an input, an equals sign and the value.");
            }
            input.computeIfAbsent(word.substring(0, equals), _ -> new ArrayList<>())
                    .addAll(values(word.substring(equals + 1)));
        }
        return new ControlInput(input);
    }

    private static List<String> values(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return List.of(text);
        }
        return Stream.of(text.substring(1, text.length() - 1).split(",", -1))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
