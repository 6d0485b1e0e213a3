package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

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

/// A thing of the node that one resource has reserved is refused to others, by name, for as long as it may be
/// used.
class ReservingTest {
    @TempDir
    Path directory;

    private final PlayedType type = new PlayedType();
    private final HeardVoice voice = new HeardVoice();
    private Host host;

    @BeforeEach
    void start() throws IOException {
        host = AskedHost.hostOf(
                directory, type, new HandDrivenTime(), voice, incident -> type.calls.add(incident.summary()));
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private void open(String name, String play, long revision) {
        host.order(new ToMonitor.Open(new ResourceSpec(
                name, "group", "played", Map.of("play", List.of(play)), List.of(), 0, 0, 0, 0, revision)));
    }

    private void refused(String name, String holder) {
        assertThat(voice.heard(name, HeldState.FAILED).detail())
                .contains("opening '%s': it needs the unit x, which resource '%s' has on this node"
                        .formatted(name, holder));
    }

    @Test
    void namesTheOtherResource() {
        open("a", "reserves unit x", 1);
        voice.heard("a", HeldState.OFFLINE);
        open("b", "reserves unit x", 1);
        open("c", "reserves unit y", 1);

        refused("b", "a");
        voice.heard("c", HeldState.OFFLINE);
    }

    @Test
    void isFreeForTheNextAttemptOnceTheOtherOneIsClosed() {
        open("a", "reserves unit x", 1);
        voice.heard("a", HeldState.OFFLINE);
        open("b", "reserves unit x", 1);
        refused("b", "a");
        host.order(new ToMonitor.Close("a", "DELETED"));
        voice.said("closed a");
        host.order(new ToMonitor.Online("b", 1, 1, "REQUESTED"));

        voice.heard("b", HeldState.ONLINE);
    }

    @Test
    void isFreeOnceTheOtherOneUsesSomethingElse() {
        open("a", "reserves unit x", 1);
        voice.heard("a", HeldState.OFFLINE);
        open("a", "reserves unit y", 2);
        voice.heard(held -> held.resource().equals("a") && held.specRevision() == 2, "opened again");
        open("b", "reserves unit x", 1);

        voice.heard("b", HeldState.OFFLINE);
    }

    @Test
    void isNotKeptByWhatCouldNotBeOpened() {
        open("a", "reserves unit x and fails", 1);
        voice.heard("a", HeldState.FAILED);
        open("b", "reserves unit x and fails", 1);

        assertThat(voice.heard("b", HeldState.FAILED).detail()).contains("cannot open");
    }

    @Test
    void staysWithWhatRunsWhenItsMonitorDies() throws IOException {
        open("a", "reserves unit x", 1);
        voice.heard("a", HeldState.OFFLINE);
        host.order(new ToMonitor.Online("a", 1, 1, "REQUESTED"));
        voice.heard("a", HeldState.ONLINE);
        host.close();
        start();
        open("b", "reserves unit x", 1);

        refused("b", "a");
        voice.forget();
        open("a", "reserves unit x", 1);
        voice.heard("a", HeldState.ONLINE);
    }
}
