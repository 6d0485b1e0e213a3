package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which run is meant by a command that names none; on this machine no service of its own runs.
class SocketsTest {
    @TempDir
    private Path state;

    @Test
    void findsARunThatGoesOnThoughANewerOneIsOver() throws IOException {
        var web = run("web", "n1");
        Files.createDirectories(runs().resolve("broken/n1/run"));
        Files.writeString(
                runs().resolve("newest"), "%s%n%s%n".formatted(runs().resolve("broken"), runs().resolve("web")));

        assertThat(find(Optional.empty())).isEqualTo(web);
    }

    @Test
    void takesTheNewestOfSeveral() throws IOException {
        run("web", "n1");
        var db = run("db", "n2");
        Files.writeString(runs().resolve("newest"), "%s%n%s%n".formatted(runs().resolve("db"), runs().resolve("web")));

        assertThat(find(Optional.empty())).as("its first node is down").isEqualTo(db);
        assertThatThrownBy(() -> find(Optional.of("n7")))
                .hasMessageContaining("has no such node")
                .extracting("advice")
                .isEqualTo("Use one of: n2.");
    }

    private Path find(Optional<String> node) {
        return new Sockets(Map.of("XDG_STATE_HOME", state.toString())).find(Optional.empty(), node);
    }

    private Path runs() {
        return state.resolve("mainstay/run");
    }

    private Path run(String name, String node) throws IOException {
        var folder = Files.createDirectories(runs().resolve(name).resolve(node).resolve("run"));
        return Files.createFile(folder.resolve("api.sock"));
    }
}
