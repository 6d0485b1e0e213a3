package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.state.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {
    private Path dir = Path.of("/");

    @BeforeEach
    void makeDirectory() throws IOException {
        dir = Files.createTempDirectory(Path.of("/tmp"), "ms");
    }

    @Test
    void needsNothingButADataDirectory() {
        var settings = read();

        assertThat(settings.node()).isEqualTo(new NodeId("n1"));
        assertThat(settings.socket()).isEqualTo(dir.resolve("run/api.sock"));
        assertThat(settings.hold()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.members()).isEmpty();
    }

    @Test
    void readsTheNodeFileInTheDataDirectory() throws IOException {
        write("node: n2\nhold: 10s\nmembers:\n  n1: 127.0.0.1:7601\n  n2: 127.0.0.1:7602\n");

        var settings = read();

        assertThat(settings.node()).isEqualTo(new NodeId("n2"));
        assertThat(settings.hold()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.members())
                .isEqualTo(Map.of(new NodeId("n1"), "127.0.0.1:7601", new NodeId("n2"), "127.0.0.1:7602"));
    }

    @Test
    void holdsForSecondsOnlyWhereOthersCouldTakeOver() throws IOException {
        write("members:\n  n1: 127.0.0.1:7601\n  n2: 127.0.0.1:7602\n");
        assertThat(read().hold()).isEqualTo(Duration.ofSeconds(30));

        write("members:\n  n1: 127.0.0.1:7601\n");

        assertThat(read().hold()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void prefersTheCommandLine() throws IOException {
        write("cluster: file\n");

        assertThat(read("--cluster", "line").cluster()).isEqualTo("line");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nod: n1 | node.yaml line 1: there is no key 'nod'. Did you mean 'node'?
            node: [a] | node.yaml line 1: 'node' is a list, expected one text
            node: N1 | node.yaml line 1: 'N1' is no name: use 1 to 63 lower-case letters
            hold: soon | node.yaml line 1: 'soon' is no duration: expected a whole number and ms, s, min or h
            hold: 169h | node.yaml line 1: a hold time of '169h' is out of range: expected 2s to 7d
            members: {n1: here} | node.yaml line 1: 'here' is no address: expected HOST:PORT
            members: {n2: 'h:1'} | start node 'n1': it is not among the members [n2]
            members: n1 | node.yaml line 1: 'members' is a text, expected 'key: value' lines
            - node | node.yaml line 1: the node file is a list, expected 'key: value' lines
            node: 'n1 | node.yaml line
            """)
    void saysWhatIsWrongWhere(String content, String message) throws IOException {
        write(content);

        assertThatThrownBy(this::read).isInstanceOf(SettingsException.class).hasMessageContaining(message);
    }

    @Test
    void namesTheNearestOption() {
        assertThatThrownBy(() -> read("--nodes", "n1")).hasMessageContaining("'--nodes'. Did you mean '--node'?");
    }

    @Test
    void refusesASocketPathThatLinuxCannotTake() {
        assertThatThrownBy(() -> read("--socket", "/tmp/" + "x".repeat(103)))
                .hasMessageContaining("has 108 bytes, Linux permits 107");
    }

    private NodeSettings read(String... words) {
        var all = new ArrayList<>(List.of("--data", dir.toString()));
        all.addAll(List.of(words));
        return NodeSettings.of(all);
    }

    private void write(String content) throws IOException {
        Files.writeString(dir.resolve("node.yaml"), content);
    }
}
