package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of open resources when another version of their type is found.
class NewerTypeTest {
    @TempDir
    Path directory;

    private final HeardVoice voice = new HeardVoice();
    private final PlayedType before = new PlayedType();
    private final PlayedType after = new PlayedType();
    private volatile TypeSource.Look found = TypeSource.of(List.of(before)).look();
    private Host host;

    @BeforeEach
    void start() throws IOException {
        host = new Host(new Host.Parts(
                new Host.Place("default", directory, false),
                () -> found,
                (_, _, _) -> new NoProcesses(() -> {}),
                new HandDrivenTime(),
                voice,
                incident -> {
                    throw new AssertionError(incident.toString());
                }));
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    private void find(PlayedType... types) {
        found = TypeSource.of(List.of(types)).look();
        host.lookForTypes();
    }

    private void open() {
        host.order(new ToMonitor.Open(
                new ResourceSpec("r", "group", "played", Map.of("play", List.of("")), List.of(), 0, 0, 0, 0, 1)));
    }

    private void online(long attempt) {
        host.order(new ToMonitor.Online("r", 1, attempt, "REQUESTED"));
    }

    private static void called(PlayedType type, String call) {
        Eventually.until("the call '%s'".formatted(call), () -> type.calls.contains(call), () -> type.calls);
    }

    @Test
    void whatIsOnlineKeepsTheOldCodeUntilItGoesOffline() {
        open();
        voice.heard("r", HeldState.OFFLINE);
        online(1);
        voice.heard("r", HeldState.ONLINE);

        find(after);
        host.order(new ToMonitor.Offline("r", 1, "REQUESTED"));

        called(before, "offline r REQUESTED");
        called(before, "close r");
        called(after, "open r");
        online(2);
        called(after, "online r");
        assertThat(after.calls).containsExactly("open r", "online r");
    }

    @Test
    void whatIsOfflineIsOpenedAnewAtOnce() {
        open();
        voice.heard("r", HeldState.OFFLINE);

        find(after);

        called(before, "close r");
        called(after, "open r");
    }

    @Test
    void whatFailedForWantOfItsTypeIsOpenedWhenTheTypeIsFound() {
        find();
        open();
        voice.heard("r", HeldState.FAILED);

        find(after);

        called(after, "open r");
    }

    @Test
    void whatIsOpenGoesOnWhenItsTypeIsGone() {
        open();
        voice.heard("r", HeldState.OFFLINE);

        find();
        online(1);

        voice.heard("r", HeldState.ONLINE);
        assertThat(before.calls).containsExactly("open r", "online r");
    }
}
