package dev.mainstay.service.node;

import dev.mainstay.service.node.Given.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads a node's own file: YAML with the keys of [Given#KEYS].
///
/// **Errors:** [SettingsException] with file, line, what is expected and the nearest valid name.
final class NodeFile {
    private static final int BYTES_MAX = 1 << 16;

    private final Path file;

    private NodeFile(Path file) {
        this.file = file;
    }

    static Given read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new SettingsException("read node file '%s': it has %d bytes, a node file at most %d"
                        .formatted(file, Files.size(file), BYTES_MAX));
            }
            return new NodeFile(file).given(Files.readString(file));
        } catch (IOException e) {
            throw new SettingsException("read node file '%s': %s".formatted(file, e));
        }
    }

    private Given given(String text) {
        try {
            var root =
                    new Compose(LoadSettings.builder().setLabel(file.toString()).build()).composeString(text);
            return root.isPresent() ? given(root.get()) : Given.nothing();
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark()
                    .map(mark -> " line " + (mark.getLine() + 1))
                    .orElse("");
            throw new SettingsException("read %s%s: %s".formatted(file, line, e.getProblem()));
        } catch (YamlEngineException e) {
            throw new SettingsException("read %s: %s".formatted(file, e.getMessage()));
        }
    }

    private Given given(Node root) {
        var given = Given.nothing();
        for (var tuple : mapping(root, "the node file").getValue()) {
            var key = text(tuple.getKeyNode(), "a key");
            if (!Given.KEYS.contains(key.value())) {
                throw new SettingsException("read %s: there is no key '%s'. Did you mean '%s'? Keys are: %s"
                        .formatted(
                                key.place(),
                                key.value(),
                                Given.nearest(key.value(), Given.KEYS),
                                String.join(", ", Given.KEYS)));
            }
            if (given.values().containsKey(key.value())
                    || (key.value().equals("members") && !given.members().isEmpty())) {
                throw new SettingsException("read %s: '%s' is written twice".formatted(key.place(), key.value()));
            }
            if (key.value().equals("members")) {
                given = new Given(given.values(), members(tuple.getValueNode()));
            } else {
                given.values().put(key.value(), text(tuple.getValueNode(), "'%s'".formatted(key.value())));
            }
        }
        return given;
    }

    private SortedMap<String, Text> members(Node node) {
        var members = new TreeMap<String, Text>();
        for (var tuple : mapping(node, "'members'").getValue()) {
            var name = text(tuple.getKeyNode(), "a member's name");
            if (members.put(name.value(), text(tuple.getValueNode(), "a member's address")) != null) {
                throw new SettingsException(
                        "read %s: member '%s' is written twice".formatted(name.place(), name.value()));
            }
        }
        return members;
    }

    private MappingNode mapping(Node node, String what) {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw new SettingsException(
                "read %s: %s is a %s, expected 'key: value' lines".formatted(place(node), what, kind(node)));
    }

    private Text text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return new Text(scalar.getValue(), place(node));
        }
        throw new SettingsException("read %s: %s is a %s, expected one text".formatted(place(node), what, kind(node)));
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "mapping";
            case ScalarNode scalar -> scalar.getValue().isEmpty() ? "missing value" : "text";
            default -> "list";
        };
    }

    private String place(Node node) {
        return node.getStartMark()
                .map(mark -> "%s line %d".formatted(file, mark.getLine() + 1))
                .orElse(file.toString());
    }
}
