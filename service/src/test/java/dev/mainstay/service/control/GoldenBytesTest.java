package dev.mainstay.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.service.journal.SampleFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the bytes that logs and snapshots in the field consist of.
///
/// A change that fails here makes existing clusters unreadable, or readable only by this version. ADR 0003
/// says how to add a component or a version; files of older versions stay and must still be read.
class GoldenBytesTest {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(100, new byte[] {'\n'});

    private static byte[] golden(String name) throws IOException {
        try (var file = GoldenBytesTest.class.getResourceAsStream("/golden/" + name)) {
            var text = new String(
                    Objects.requireNonNull(file, "the golden file " + name + " is missing")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            return Base64.getMimeDecoder().decode(text);
        }
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
    void anEntryHasTheBytesOfVersion1() throws Exception {
        assertThat(text(WireCodec.encode(LogEntry.class, SampleFacts.entry())))
                .isEqualTo(text(golden("entry-1.base64")));
    }

    @Test
    void anEntryOfVersion1IsUnderstood() throws Exception {
        assertThat(WireCodec.decode(LogEntry.class, golden("entry-1.base64"))).isEqualTo(SampleFacts.entry());
    }

    @Test
    void aSnapshotHasTheBytesOfVersion1() throws Exception {
        assertThat(text(Snapshot.encode(SampleFacts.state()))).isEqualTo(text(golden("snapshot-1.base64")));
    }

    @Test
    void aSnapshotOfVersion1IsUnderstood() throws Exception {
        assertThat(Snapshot.decode(golden("snapshot-1.base64"))).isEqualTo(SampleFacts.state());
    }
}
