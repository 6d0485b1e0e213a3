package dev.mainstay.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.service.journal.SampleFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the bytes that logs and snapshots in the field consist of.
///
/// A change that fails here makes existing clusters unreadable, or readable only by this version. ADR 0003
/// says how to add a component or a version; files of older versions stay and must still be read.
/// `-Dmainstay.regenerate=true` writes the bytes of this version again.
class GoldenBytesTest {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(100, new byte[] {'\n'});

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private static byte[] golden(String name) throws IOException {
        return Base64.getMimeDecoder().decode(Files.readString(FOLDER.resolve(name)));
    }

    private static void isGolden(String name, byte[] bytes) throws IOException {
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(FOLDER.resolve(name), text(bytes) + "\n");
        }
        assertThat(text(bytes)).isEqualTo(text(golden(name)));
    }

    private static String text(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }

    @Test
    void theSampleHasAnEventOfEveryKind() {
        var kinds = SampleFacts.entry().decisions().stream()
                .flatMap(decided -> decided.events().stream())
                .map(Object::getClass)
                .collect(Collectors.toSet());

        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Event.class.getPermittedSubclasses()).collect(Collectors.toSet()));
    }

    @Test
    void anEntryHasItsBytes() throws Exception {
        isGolden("entry-1-wall-time.base64", WireCodec.encode(LogEntry.class, SampleFacts.entry()));
    }

    @Test
    void anEntryIsUnderstood() throws Exception {
        assertThat(WireCodec.decode(LogEntry.class, golden("entry-1-wall-time.base64")))
                .isEqualTo(SampleFacts.entry());
    }

    /// Written when cluster time was that of a wall clock and a node told nothing of the boot of its machine.
    @Test
    void anEntryWithoutWallTimeIsUnderstood() throws Exception {
        assertThat(WireCodec.decode(LogEntry.class, golden("entry-1.base64")))
                .isEqualTo(SampleFacts.entryWithoutWallTime());
    }

    private static Snapshot snapshot() {
        var events = SampleFacts.entry().decisions().getFirst().events();
        return new Snapshot(
                SampleFacts.failing(), List.of(new RecentAnswers.Kept("request-1", new Answer.Done(7, events))));
    }

    @Test
    void aSnapshotHasItsBytes() throws Exception {
        isGolden("snapshot-2-boots.base64", snapshot().encode());
    }

    @Test
    void aSnapshotIsUnderstood() throws Exception {
        assertThat(Snapshot.decode(golden("snapshot-2-boots.base64"))).isEqualTo(snapshot());
    }

    /// Written before a snapshot told of boots and of what is to be treated as failed.
    @Test
    void aSnapshotWithoutBootsIsUnderstood() throws Exception {
        var events = SampleFacts.entryWithoutWallTime().decisions().getFirst().events();
        var answers = List.of(new RecentAnswers.Kept("request-1", new Answer.Done(7, events)));

        assertThat(Snapshot.decode(golden("snapshot-2.base64"))).isEqualTo(new Snapshot(SampleFacts.state(), answers));
    }

    /// Written before answers were kept in snapshots.
    @Test
    void aSnapshotOfVersion1IsUnderstood() throws Exception {
        assertThat(Snapshot.decode(golden("snapshot-1.base64")))
                .isEqualTo(new Snapshot(SampleFacts.state(), List.of()));
    }

    /// Written before any component was added: what is missing has its empty value.
    @Test
    void theFirstEntriesAndSnapshotsAreStillRead() throws Exception {
        var entry = WireCodec.decode(LogEntry.class, golden("entry-1-first.base64"));
        var state = Snapshot.decode(golden("snapshot-1-first.base64")).state();

        assertThat(entry.decisions().getFirst().events())
                .hasSize(23)
                .isSubsetOf(SampleFacts.entryWithoutWallTime()
                        .decisions()
                        .getFirst()
                        .events());
        assertThat(state).isEqualTo(SampleFacts.state());
    }
}
