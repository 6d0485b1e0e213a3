package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService.Deadlocked;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return new Ended("group-a", pid, how, "").unasked(true, Optional.empty(), "", new Evidence(folder));
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
    void blamesNobodyWhenTheHeadWasNotWrittenToItsEnd() throws Exception {
        Files.writeString(folder.resolve("20261122T034109.297Z-group-a-web-1-isAlive.txt"), "== Deadlock ==\n");
        Files.writeString(folder.resolve("20261122T034110.297Z-group-a-web-1-isAlive.txt"), HEAD.split("since")[0]);

        assertThat(ended(4711, "ended with exit code 70").kind()).isEqualTo(Ending.Kind.CRASHED);
    }
}
