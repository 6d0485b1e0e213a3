package dev.mainstay.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
    @TempDir
    private Path state;

    @Test
    void isNamedAfterTheManifest() {
        var place = place("examples/web_site.yaml", 1);

        assertThat(place.name()).isEqualTo("web-site");
        assertThat(place.folder()).isEqualTo(state.resolve("mainstay/run/web-site"));
    }

    @Test
    void isBelowTheHomeThatTheEnvironmentNames() {
        var place = Place.of("web.yaml", 1, Optional.empty(), Map.of("HOME", state.toString()));

        assertThat(place.folder()).isEqualTo(state.resolve(".local/state/mainstay/run/web"));
    }

    @Test
    void keepsThePortsOfItsMembersForLaterRuns() throws IOException {
        place("web.yaml", 3).prepare();
        var first = Files.readString(place("web.yaml", 3).nodeFile("n2"));
        place("web.yaml", 3).prepare();

        assertThat(Files.readString(place("web.yaml", 3).nodeFile("n2"))).isEqualTo(first);
        assertThat(first).containsPattern("members:\n  n1: 127\\.0\\.0\\.1:\\d+\n  n2: .*\n  n3: .*\n");
    }

    @Test
    void refusesAnotherNumberOfNodesThanItsDataWasMadeWith() throws IOException {
        place("web.yaml", 3).prepare();

        assertThatThrownBy(() -> place("web.yaml", 1).prepare())
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("was made with --nodes 3");
    }

    @Test
    void isFoundByOtherCommandsOnceItIsRemembered() throws IOException {
        var environment = Map.of("XDG_STATE_HOME", state.toString());
        place("web.yaml", 1).remember(environment);

        place("db.yaml", 1).remember(environment);
        place("web.yaml", 1).remember(environment);

        assertThat(Place.remembered(environment))
                .containsExactly(state.resolve("mainstay/run/web"), state.resolve("mainstay/run/db"));
    }

    private Place place(String manifest, int nodes) {
        return Place.of(manifest, nodes, Optional.empty(), Map.of("XDG_STATE_HOME", state.toString()));
    }
}
