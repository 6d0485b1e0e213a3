package dev.mainstay.service.manifest;

import dev.mainstay.protocol.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Turns bytes into YAML nodes, or says why they are none.
///
/// What could blow up a reader (anchors, deep nesting, size) is refused before nodes are composed.
final class YamlText {
    /// A manifest needs seven levels.
    private static final int MAX_DEPTH = 16;

    private YamlText() {}

    /// The one document in the bytes, or nothing and at least one problem.
    static Optional<Node> compose(byte[] bytes, Problems problems) {
        var text = decode(bytes, problems);
        if (text.isEmpty() || !wellFormed(text.get(), problems)) {
            return Optional.empty();
        }
        var composed = new Compose(settings()).composeString(text.get());
        if (composed.isEmpty()) {
            problems.at(1, 1, "the manifest is empty", "Begin with 'groups:' and at least one group.");
        }
        return composed;
    }

    private static LoadSettings settings() {
        return LoadSettings.builder()
                .setAllowDuplicateKeys(true)
                .setCodePointLimit(Limits.HTTP_BODY)
                .build();
    }

    private static Optional<String> decode(byte[] bytes, Problems problems) {
        if (bytes.length > Limits.HTTP_BODY) {
            problems.at(
                    1,
                    1,
                    "the manifest has %d bytes; at most %s are read"
                            .formatted(bytes.length, Quantity.text(Limits.HTTP_BODY, Quantity.SIZE)),
                    "Split it into several manifests.");
            return Optional.empty();
        }
        var input = ByteBuffer.wrap(bytes);
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(input)
                    .toString();
            if (text.indexOf('\0') < 0) {
                return Optional.of(text);
            }
            notText(bytes, text.substring(0, text.indexOf('\0')).getBytes(StandardCharsets.UTF_8).length, problems);
        } catch (CharacterCodingException notUtf8) {
            notText(bytes, input.position(), problems);
        }
        return Optional.empty();
    }

    private static void notText(byte[] bytes, int position, Problems problems) {
        var line = 1;
        var column = 1;
        for (var index = 0; index < position; index++) {
            column = bytes[index] == '\n' ? 1 : column + 1;
            line += bytes[index] == '\n' ? 1 : 0;
        }
        problems.at(
                line,
                column,
                "byte 0x%02x does not belong in a text file".formatted(bytes[position] & 0xff),
                "Give a YAML file in UTF-8.");
    }

    private static boolean wellFormed(String text, Problems problems) {
        var depth = 0;
        var documents = 0;
        try {
            for (var event : new Parse(settings()).parseString(text)) {
                switch (event) {
                    case DocumentStartEvent start -> {
                        documents++;
                        if (documents == 2) {
                            note(event, problems, "a second document begins here", "Write one document per manifest.");
                        }
                    }
                    case CollectionStartEvent start -> {
                        depth++;
                        if (depth > MAX_DEPTH) {
                            note(event, problems, "more than %d levels are nested".formatted(MAX_DEPTH), "Nest less.");
                            return false;
                        }
                    }
                    case CollectionEndEvent end -> depth--;
                    default -> {}
                }
                refuseSpecials(event, problems);
            }
        } catch (MarkedYamlEngineException broken) {
            explain(text, broken, problems);
        } catch (ReaderException strange) {
            problems.at(
                    1
                            + (int) text.substring(0, Math.min(strange.getPosition(), text.length()))
                                    .chars()
                                    .filter(character -> character == '\n')
                                    .count(),
                    1,
                    "the character U+%04X may not stand in YAML".formatted(strange.getCodePoint()),
                    "Remove it, or write it as an escape in double quotes.");
        } catch (YamlEngineException broken) {
            problems.at(1, 1, "this is not YAML: " + broken.getMessage(), "Mend it.");
        }
        return problems.none();
    }

    private static void refuseSpecials(Event event, Problems problems) {
        if (event instanceof AliasEvent alias) {
            note(event, problems, "'*%s' refers to an anchor".formatted(alias.getAlias()), "Write the value again.");
        } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            note(
                    event,
                    problems,
                    "'&%s' is an anchor; manifests have none"
                            .formatted(node.getAnchor().get()),
                    "Remove it and write the value at each place.");
        }
        var tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : Optional.<String>empty();
        tag.ifPresent(name -> note(
                event,
                problems,
                "'%s' is a tag; manifests have none".formatted(name.replace("tag:yaml.org,2002:", "!!")),
                "Remove it."));
    }

    private static void note(Event event, Problems problems, String message, String advice) {
        problems.at(
                event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1),
                event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1),
                message,
                advice);
    }

    private static void explain(String text, MarkedYamlEngineException broken, Problems problems) {
        var mark = broken.getProblemMark().or(broken::getContextMark);
        var line = mark.map(at -> at.getLine() + 1).orElse(1);
        var column = mark.map(at -> at.getColumn() + 1).orElse(1);
        var what = broken.getProblem() == null ? String.valueOf(broken.getMessage()) : broken.getProblem();
        var lines = text.lines().toList();
        var content = line <= lines.size() ? lines.get(line - 1) : "";
        var tab = content.indexOf('\t');
        if (tab >= 0 && content.substring(0, tab).isBlank()) {
            problems.at(
                    line, tab + 1, "a tab stands in the indentation", "YAML indents with spaces: use two per level.");
        } else if (what.contains("<stream end>") || what.contains("unexpected end of stream")) {
            var since = broken.getContextMark()
                    .map(at -> " (what begins in line %d is not finished)".formatted(at.getLine() + 1));
            problems.at(
                    line, column, "the file ends too early" + since.orElse(""), "Is it complete? Close what is open.");
        } else if (what.contains("<block end>")) {
            problems.at(
                    line,
                    column,
                    "the indentation fits nothing that stands above",
                    "Keys of one mapping begin in the same column: use two spaces per level.");
        } else if (what.startsWith("mapping values are not allowed")) {
            problems.at(
                    line,
                    column,
                    "a ':' is not expected here",
                    "Does the line above lack its ':'? A text with ': ' in it stands in quotes.");
        } else {
            var context = broken.getContext() == null ? "" : broken.getContext() + ": ";
            problems.at(
                    line,
                    column,
                    "this is not YAML: %s%s".formatted(context, what),
                    "Check indentation, colons, quotes and brackets here and in the line above.");
        }
    }
}
