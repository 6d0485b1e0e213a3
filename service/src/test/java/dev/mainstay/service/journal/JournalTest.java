package dev.mainstay.service.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.api.EventView;
import dev.mainstay.core.event.Event;
import dev.mainstay.service.http.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration KEPT = Journal.KEPT;
    private static final InstantSource CLOCK = InstantSource.fixed(SampleFacts.TIME);
    private static final int KINDS = Event.class.getPermittedSubclasses().length;

    @TempDir
    Path directory;

    private void recordSample(Journal journal) throws InterruptedException {
        var before = SampleFacts.state();
        var entry = SampleFacts.entry();
        journal.record(before, entry, before.advanced(entry.time()));
        assertThat(journal.awaitAfter("2.%d".formatted(KINDS - 2), LIMIT))
                .as("the facts are written in time")
                .isTrue();
    }

    @Test
    void keepsOneFactOfEveryKind() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);

            assertThat(journal.after("", 100))
                    .extracting(EventView::event)
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Event.class.getPermittedSubclasses())
                            .map(Class::getSimpleName)
                            .toList());
        }
    }

    @Test
    void tellsWhatAFactConcernsAndWhy() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);
            var failed = journal.about("resource", "web-site", 100).stream()
                    .filter(fact -> fact.event().equals("ResourceFailed"))
                    .findFirst()
                    .orElseThrow();

            assertThat(failed)
                    .extracting(EventView::group, EventView::node, EventView::rule, EventView::actor, EventView::time)
                    .containsExactly("web", "n1", "REPORTED", "node n1", "2026-12-01T10:00:00.121456Z");
            assertThat(failed.fields())
                    .containsEntry("state", "FAILED")
                    .containsEntry("detail", "exit code 3")
                    .containsEntry("seenAtMicros", "1796119200121456")
                    .containsEntry("changedAtMicros", "1796119200122456");
            assertThat(journal.after("", 1))
                    .as("what nobody saw happens as it is written, by the wall clock")
                    .extracting(EventView::time)
                    .containsExactly("2026-12-01T12:00:00.123456Z");
        }
    }

    @Test
    void goesOnAfterAPlaceAndAnswersTheLatestFirstOfAll() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);

            assertThat(journal.after("2.9", 2)).extracting(EventView::id).containsExactly("2.10", "2.11");
            assertThat(journal.latest(2)).extracting(EventView::event).containsExactly("GroupMoving", "OwnerChanged");
            assertThat(journal.about("group", "web", 1))
                    .extracting(EventView::event)
                    .containsExactly("OwnerChanged");
            assertThat(journal.awaitAfter("2.99", Duration.ZERO)).isFalse();
            assertThatThrownBy(() -> journal.after("x", 1)).hasMessageContaining("'x' is no place in the journal");
        }
    }

    @Test
    void keepsFactsOverARestartAndIgnoresThoseThatComeAgain() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);
        }
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);

            assertThat(journal.after("", 100)).hasSize(KINDS);
        }
    }

    @Test
    void keepsNothingThatProcessesBeforeItUnpacked() throws Exception {
        var left = Files.createDirectories(directory.resolve("native")).resolve("libsqlitejdbc.so.lck");
        Files.writeString(left, "");

        Journal.open(directory, CLOCK).close();

        assertThat(left).doesNotExist();
    }

    @Test
    void putsAFactOfThisNodeAloneBehindWhatWasAppliedAndBeforeTheNextEntry() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);
            journal.note(local("MonitorEnded", "it was killed"));
            journal.note(local("MonitorStuck", "it was not"));
            var before = SampleFacts.state();
            journal.record(
                    before,
                    SampleFacts.entry(),
                    before.advanced(SampleFacts.TIME).advanced(SampleFacts.TIME));

            assertThat(journal.awaitAfter("3.0", LIMIT)).isTrue();
            assertThat(journal.after("2.%d".formatted(KINDS - 1), 3))
                    .extracting(EventView::id, EventView::event, EventView::text, EventView::actor)
                    .containsExactly(
                            tuple("2.900000", "MonitorEnded", "it was killed", "cluster service"),
                            tuple("2.900001", "MonitorStuck", "it was not", "cluster service"),
                            tuple("3.0", "NodeUp", "rule NODE applied to a sample", "node n1"));
            assertThat(journal.about("resource", "web-site", 100))
                    .filteredOn(fact -> fact.event().equals("MonitorEnded"))
                    .singleElement()
                    .satisfies(fact -> assertThat(fact.fields()).containsEntry("pid", "4711"));
        }
    }

    @Test
    void goesOnBehindFactsOfThisNodeAloneAfterARestart() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            journal.note(local("MonitorEnded", "before"));
            assertThat(journal.awaitAfter("0.1", LIMIT)).isTrue();
        }
        try (var journal = Journal.open(directory, CLOCK)) {
            journal.note(local("MonitorEnded", "after"));

            assertThat(journal.awaitAfter("0.900000", LIMIT)).isTrue();
            assertThat(journal.latest(5)).extracting(EventView::text).containsExactly("before", "after");
        }
    }

    @Test
    void countsFactsOfThisNodeAloneThatFindNoRoom() throws Exception {
        var late = Files.createFile(directory.resolve("late"));
        try (var journal = Journal.open(late, CLOCK, 1)) {
            for (int i = 0; i < 3; i++) {
                journal.note(local("MonitorEnded", "fact " + i));
            }
            Files.delete(late);
            Files.createDirectory(late);

            assertThat(journal.awaitAfter("0.900000", LIMIT)).isTrue();
            assertThat(journal.latest(5))
                    .extracting(EventView::text)
                    .containsExactly("fact 0", "2 facts before this one were not recorded on this node");
        }
    }

    private static LocalFact local(String event, String text) {
        return new LocalFact(
                SampleFacts.TIME,
                event,
                "web",
                "web-site",
                "n1",
                "MONITOR_LOST",
                text,
                "cluster service",
                Map.of("pid", "4711"));
    }

    @Test
    void notesHowManyFactsWereLostWhenTheQueueIsFull() throws Exception {
        // The directory is missing, so that nothing is written until it is made.
        var late = directory.resolve("late");
        Files.createFile(late);
        try (var journal = Journal.open(late, CLOCK, 1)) {
            var before = SampleFacts.state();
            var entry = SampleFacts.entry();
            for (int i = 0; i < 3; i++) {
                journal.record(before, entry, before.advanced(entry.time()));
            }
            Files.delete(late);
            Files.createDirectory(late);

            assertThat(journal.awaitAfter("2.1000", LIMIT)).isTrue();
            assertThat(journal.latest(1).getFirst())
                    .extracting(EventView::event, fact -> fact.fields().get("count"))
                    .containsExactly("FactsNotRecorded", Integer.toString(2 * KINDS));
        }
    }

    private static EventView fact(String id, String time) {
        return new EventView(id, time, "NodeUp", "", "", "n1", "NODE", "", "", "", "", Map.of());
    }

    @Test
    void forgetsFactsOlderThanItKeepsThem() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);
        }
        try (var facts = FactTable.open(directory)) {
            facts.trim(Duration.ZERO, Journal.BYTES_MAX);
            assertThat(facts.latest(100)).hasSize(KINDS);
            facts.add(List.of(fact("9.0", "2099-01-01T00:00:00.000000Z")), Optional.of(SampleFacts.TIME.plus(KEPT)));
            facts.trim(KEPT, Journal.BYTES_MAX);
            assertThat(facts.latest(100))
                    .as("a wall clock that is set ahead forgets nothing")
                    .hasSize(KINDS + 1);
            facts.add(
                    List.of(fact("9.1", "1970-01-01T00:00:00.000000Z")),
                    Optional.of(SampleFacts.TIME.plus(KEPT).plusMillis(1)));
            facts.trim(KEPT, Journal.BYTES_MAX);
            assertThat(facts.latest(100)).extracting(EventView::id).containsExactly("9.0", "9.1");
        }
    }

    @Test
    void unpacksItsNativeLibraryBesideItsFile() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);
        }

        assertThat(directory.resolve("native")).isDirectory();
        assertThat(directory.resolve("journal.db")).isRegularFile();
        assertThat(Instant.parse(EventViews.text(SampleFacts.TIME))).isEqualTo(SampleFacts.TIME);
    }

    @Test
    void setsADamagedFileAsideAtTheStartAndBeginsANewOne() throws Exception {
        Files.writeString(directory.resolve("journal.db"), "this is no database, whatever its name says\n".repeat(200));
        try (var log = new LogLines(Journal.class);
                var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);

            assertThat(journal.after("", 100)).hasSize(KINDS);
            assertThat(directory.resolve("journal.db.damaged")).content().startsWith("this is no database");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("is damaged", "kept as 'journal.db.damaged'", "a new one is begun");
        }
    }

    @Test
    void setsAFileAsideThatIsDamagedWhileItIsUsed() throws Exception {
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);
        }
        var file = directory.resolve("journal.db");
        var bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        try (var journal = Journal.open(directory, CLOCK)) {
            recordSample(journal);

            assertThat(journal.after("", 100)).hasSize(KINDS);
            assertThat(directory.resolve("journal.db.damaged")).exists();
        }
    }
}
