package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cannot be opened or terminated while something of it may be left is not at rest: another node could
/// start it otherwise.
class OpenFailsTest {
    private static final long RETRY_MILLIS = 5_001;

    @TempDir
    Path directory;

    private final PlayedType type = new PlayedType();
    private final HeardVoice voice = new HeardVoice();
    private HandDrivenTime time = new HandDrivenTime();
    private Host host;

    @BeforeEach
    void start() throws IOException {
        time = new HandDrivenTime();
        host = new Host(new Host.Parts(
                new Host.Place("default", directory, false),
                TypeSource.of(List.of(type)),
                (resource, _, _) -> new NoProcesses(this::endAll),
                time,
                voice,
                incident -> type.calls.add(incident.summary())));
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private void endAll() {
        type.calls.add("endAll");
        if (type.unkillable) {
            throw new IllegalStateException("process 7 is in state D");
        }
    }

    private void online(String play) throws IOException {
        host.order(new ToMonitor.Open(spec(play)));
        voice.heard("web", HeldState.OFFLINE);
        host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        voice.heard("web", HeldState.ONLINE);
        voice.forget();
        type.calls.clear();
        host.close();
        start();
    }

    private static ResourceSpec spec(String play) {
        return new ResourceSpec("web", "group", "played", Map.of("play", List.of(play)), List.of(), 0, 0, 0, 0, 1);
    }

    @Test
    void isFailedOnceItsProcessesCouldBeEnded() throws Exception {
        online("");
        type.unkillable = true;
        host.order(new ToMonitor.Open(spec("fails to open")));
        voice.said("process 7 is in state D");
        assertThat(voice.heard("web", HeldState.INITIALIZING).detail())
                .contains("cannot open", "process 7 is in state D", "not at rest");
        assertThat(voice.states("web")).doesNotContain(HeldState.FAILED, HeldState.OFFLINE);
        assertThat(directory.resolve("records/web.record")).exists();

        type.unkillable = false;
        time.pass(RETRY_MILLIS);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("cannot open");
        assertThat(directory.resolve("records/web.record")).doesNotExist();
    }

    /// A mount stays when the processes of a resource are ended; what an unreadable record told of nobody knows.
    @Test
    void isNotAtRestWhenMoreThanItsProcessesMayBeLeft() throws Exception {
        online("with a mount");
        host.order(new ToMonitor.Open(spec("fails to open")));
        voice.said("only its type could end what is left of it");
        host.close();
        voice.forget();
        start();
        Files.writeString(directory.resolve("records/web.record"), "no record");
        host.order(new ToMonitor.Open(spec("fails to open")));
        voice.said("only its type could end what is left of it");

        assertThat(voice.states("web")).doesNotContain(HeldState.FAILED, HeldState.OFFLINE);
    }

    @Test
    void isOpenedAgainAndAgainWhenOnlyTheTypeCouldEndWhatIsLeft() throws Exception {
        online("without process");
        host.order(new ToMonitor.Open(spec("fails to open")));
        voice.said("only its type could end what is left of it");
        voice.heard("web", HeldState.INITIALIZING);
        voice.forget();

        time.pass(RETRY_MILLIS);

        voice.said("only its type could end what is left of it");
        assertThat(type.calls).containsExactly("open web recovered", "open web recovered");
        assertThat(voice.states("web"))
                .as("what was said already is not said again")
                .isEmpty();
        assertThat(voice.states("web")).doesNotContain(HeldState.FAILED, HeldState.OFFLINE);
        assertThat(directory.resolve("records/web.record")).exists();
    }

    /// Whatever a type makes of the interruption: it may not have ended everything.
    @Test
    void isNotAtRestWhenTerminateWasInterrupted() {
        type.interrupted = true;
        host.order(new ToMonitor.Open(spec("throws")));
        voice.heard("web", HeldState.OFFLINE);
        host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        voice.said("it was interrupted before it had ended everything");
        assertThat(voice.states("web")).endsWith(HeldState.ONLINE_PENDING);

        type.interrupted = false;
        time.pass(RETRY_MILLIS);

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("port 80 is taken");
    }
}
