package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.service.monitors.Suspects.Suspect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedTest {
    private static final String HEAD = """
            == Deadlock ==
            entry point 'isAlive' of resource 'web-1' (type 'script') has not returned for 2004 ms, its deadlock timeout is 2000 ms
            monitor   group-a, pid 4711
            resource  web-1
            type      script
            call      isAlive
            since     2026-11-22T03:41:07.291Z, 2004 ms ago
            limit     2000 ms

            == Where the thread of the call stands ==
            """;

    @TempDir
    Path folder;

    private Ending ended(int pid, String how) {
        return ended(pid, how, Suspects.NONE);
    }

    private Ending ended(int pid, String how, Suspects suspects) {
        return new Ended("group-a", pid, how, "", suspects).unasked(true, Optional.empty(), "", new Evidence(folder));
    }

    @Test
    void findsTheCulpritInTheEvidenceWhenTheLastWordsAreLost() throws Exception {
        var file = folder.resolve("20261122T034109.297Z-group-a-web-1-isAlive.txt");
        Files.writeString(file, HEAD);

        var ending = ended(4711, "ended with exit code 70");

        assertThat(ending.kind()).isEqualTo(Ending.Kind.DEADLOCKED);
        assertThat(ending.culprit()).contains("web-1");
        assertThat(ending.deadlock().map(Deadlocked::type)).contains("script");
        assertThat(ending.deadlock().map(Deadlocked::limitMillis)).contains(2000L);
        assertThat(ending.evidence()).isEqualTo(file.toString());
        assertThat(ending.reason()).contains("has not returned for 2004 ms", "2026-11-22T03:41:07.291Z");
    }

    @Test
    void blamesNobodyForTheEndOfAnotherProcess() throws Exception {
        Files.writeString(folder.resolve("20261122T034109.297Z-group-a-web-1-isAlive.txt"), HEAD);

        assertThat(ended(4712, "ended with exit code 70").culprit()).isEmpty();
        assertThat(ended(4711, "ended by signal 9").culprit()).isEmpty();
    }

    @Test
    void suspectsTheResourceThatWasHandledWhenTheMonitorMetABug() throws Exception {
        Files.writeString(
                folder.resolve("20261122T034109.297Z-group-a-web-1-bug.txt"),
                "== Bug ==\na bug of the monitor\nmonitor   group-a, pid 4711\nresource  web-1\n\n");

        var ending = ended(4711, "ended with exit code 70");

        assertThat(ending.kind()).isEqualTo(Ending.Kind.CRASHED);
        assertThat(ending.culprit()).contains("web-1");
        assertThat(ending.reason()).contains("something of resource 'web-1'");
        assertThat(ended(4712, "ended with exit code 70").culprit()).isEmpty();
    }

    @Test
    void saysWhoseCallWasUnderWay() {
        var open = new Suspect("web-1", "script", "open", Instant.EPOCH);

        var ending = ended(4711, "ended by signal 6", new Suspects(List.of(open), true));

        assertThat(ending.culprit()).contains("web-1");
        assertThat(ending.reason())
                .startsWith(
                        "ended by signal 6 while entry point 'open' of resource 'web-1' (type 'script') was under way");
    }

    @Test
    void blamesNobodyForAProcessThatWasKilledBecauseItsConnectionEnded() {
        var open = new Suspect("web-1", "script", "open", Instant.EPOCH);
        var ended = new Ended("group-a", 4711, "ended by signal 9", "", new Suspects(List.of(open), true));

        assertThat(ended.unasked(false, Optional.empty(), "", new Evidence(folder))
                        .culprit())
                .isEmpty();
    }

    @Test
    void blamesNobodyWhenTheHeadWasNotWrittenToItsEnd() throws Exception {
        Files.writeString(folder.resolve("20261122T034109.297Z-group-a-web-1-isAlive.txt"), "== Deadlock ==\n");
        Files.writeString(folder.resolve("20261122T034110.297Z-group-a-web-1-isAlive.txt"), HEAD.split("since")[0]);

        assertThat(ended(4711, "ended with exit code 70").kind()).isEqualTo(Ending.Kind.CRASHED);
    }
}
