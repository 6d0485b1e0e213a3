package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.evidence.Evidence;
import dev.mainstay.monitor.evidence.Surroundings;
import dev.mainstay.monitor.host.Incident;
import dev.mainstay.monitor.link.Outbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastWordsTest {
    /// Far above the limits of the class, far below for ever.
    private static final long PATIENCE_SECONDS = 20;

    @TempDir
    Path folder;

    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger collections = new AtomicInteger();

    private LastWords lastWords(Surroundings surroundings) {
        return new LastWords(
                new Outbox(),
                incident -> {
                    collections.incrementAndGet();
                    return new Evidence(incident, "default", folder, surroundings);
                },
                ended::countDown);
    }

    private static Incident overdue() {
        var call = new Incident.Call("web", "process", "isAlive", 300_000);
        return new Incident.Overdue(new Incident.Underway(call, 0, Thread.currentThread()), 300_001, List.of());
    }

    private static Surroundings seeing(Runnable first) {
        return new Surroundings() {
            @Override
            public List<String> processes(String resource) {
                first.run();
                return List.of("pid 7");
            }

            @Override
            public List<String> output(String resource) {
                return List.of("the last words of " + resource);
            }
        };
    }

    private void hang() {
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String evidence() throws Exception {
        try (var files = Files.list(folder)) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }

    @Test
    void endsTheProcessAlsoWhenCollectingEvidenceHangs() throws Exception {
        lastWords(seeing(this::hang)).say(overdue());

        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(evidence()).contains("'isAlive'", "LastWordsTest").doesNotContain("pid 7");
    }

    @Test
    void goesOnWithTheOtherPartsWhenOneFails() throws Exception {
        lastWords(seeing(() -> {
                    throw new IllegalStateException("/proc is not mounted");
                }))
                .say(overdue());

        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(evidence()).contains("/proc is not mounted", "the last words of web");
    }

    @Test
    void collectsEvidenceOfTheFirstIncidentOnly() throws Exception {
        var words = lastWords(seeing(() -> {}));
        words.say(overdue());
        words.say(new Incident.Bug("web", new IllegalStateException("later")));

        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(collections).hasValue(1);
    }

    @Test
    void rehearsesWithoutATraceAndWithoutAnEnd() throws Exception {
        var looked = new AtomicInteger();
        var words = lastWords(seeing(looked::incrementAndGet));
        words.rehearse();

        assertThat(looked).hasValue(1);
        assertThat(folder).isEmptyDirectory();
        assertThat(ended.getCount()).isEqualTo(1);
        words.say(overdue());
        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(evidence()).contains("'isAlive'", "pid 7");
    }

    @Test
    void leavesEvidenceOfABugOfTheMonitor() throws Exception {
        lastWords(seeing(() -> {})).say(new Incident.Bug("web", new IllegalStateException("no such phase")));

        assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(evidence()).contains("while resource 'web' was handled", "no such phase", "leavesEvidenceOfABug");
    }
}
