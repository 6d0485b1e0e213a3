package dev.mainstay.protocol;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The bytes of each message: service and monitor of different builds talk to each other during an upgrade.
///
/// `-Dmainstay.regenerate=true` writes the file again; do that for added messages and components only.
class GoldenMessagesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/messages-1.txt");

    @Test
    void everyMessageHasASample() {
        var kinds = Stream.of(ToMonitor.class, ToService.class)
                .flatMap(direction -> Arrays.stream(direction.getPermittedSubclasses()))
                .collect(toSet());

        assertThat(Samples.all().stream().map(Object::getClass).collect(toSet()))
                .isEqualTo(kinds);
    }

    @Test
    void everyMessageIsWrittenAsBefore() throws Exception {
        var lines = Samples.all().stream().map(GoldenMessagesTest::line).collect(joining("\n", "", "\n"));
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(GOLDEN, lines);
        }

        assertThat(lines).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void everyMessageOfBeforeIsRead() throws Exception {
        var lines = Files.readAllLines(GOLDEN);

        assertThat(lines).hasSameSizeAs(Samples.all());
        for (int i = 0; i < lines.size(); i++) {
            var message = Samples.all().get(i);
            var bytes = HexFormat.of().parseHex(lines.get(i).split(" ")[2]);

            Message read = WireCodec.decode(Samples.direction(message), bytes);

            assertThat(read).isEqualTo(message);
        }
    }

    private static String line(Message message) {
        var direction = Samples.direction(message);
        return direction.getSimpleName() + " " + message.getClass().getSimpleName() + " "
                + HexFormat.of().formatHex(WireCodec.encode(direction, message));
    }
}
