package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireCodecTest {
    enum Colour {
        RED,
        GREEN
    }

    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    sealed interface Angular extends Shape {}

    record Square(long side) implements Angular {}

    record Nothing() implements Shape {}

    /// One component of each kind that can travel.
    record Kinds(
            String text,
            int number,
            long large,
            boolean flag,
            Instant at,
            Duration span,
            Colour colour,
            Shape shape,
            Circle circle,
            List<Shape> shapes,
            SortedSet<String> names,
            Map<String, List<String>> lists,
            SortedMap<String, Circle> circles) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by its bytes below
    record Raw(byte[] bytes) {}

    record Before(String text, int number) {}

    record After(
            String text,
            int number,
            long large,
            boolean flag,
            Instant at,
            Duration span,
            String added,
            List<Shape> shapes,
            SortedSet<String> names,
            Map<String, String> words,
            SortedMap<String, Circle> circles,
            Colour colour,
            Square square) {}

    record AfterWithoutEmptyValue(String text, int number, Shape shape) {}

    record Painted(Colour colour) {}

    record Picky(int even) {
        Picky {
            if (even % 2 != 0) {
                throw new IllegalArgumentException("an even number is %d".formatted(even));
            }
        }
    }

    record Deep(List<Deep> deeper) {}

    record Untyped(Object anything) {}

    static Kinds kinds() {
        return new Kinds(
                "a text",
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                true,
                Instant.parse("2026-11-21T12:00:00.000000001Z"),
                Duration.ofSeconds(-1, 5),
                Colour.GREEN,
                new Square(4),
                new Circle(3),
                List.of(new Circle(1), new Square(2), new Nothing()),
                new TreeSet<>(List.of("b", "a")),
                Map.of("x", List.of("1", "2"), "empty", List.of()),
                new TreeMap<>(Map.of("unit", new Circle(1))));
    }

    static List<Message> messages() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageComesBackAsItWent(Message message) throws MalformedException {
        var direction = Samples.direction(message);

        Message read = WireCodec.decode(direction, WireCodec.encode(direction, message));

        assertThat(read).isEqualTo(message);
    }

    @Test
    void everyKindOfValueComesBackAsItWent() throws MalformedException {
        assertThat(WireCodec.decode(Kinds.class, WireCodec.encode(Kinds.class, kinds())))
                .isEqualTo(kinds());
    }

    @Test
    void rawBytesComeBackAsTheyWent() throws MalformedException {
        var raw = new Raw(new byte[] {0, -1, 127});

        assertThat(WireCodec.decode(Raw.class, WireCodec.encode(Raw.class, raw)).bytes())
                .containsExactly(raw.bytes());
    }

    @Test
    void equalValuesHaveEqualBytes() {
        assertThat(WireCodec.encode(Kinds.class, kinds())).isEqualTo(WireCodec.encode(Kinds.class, kinds()));
    }

    @Test
    void bytesOfAnOlderVersionGetEmptyValuesForWhatWasAdded() throws MalformedException {
        var old = WireCodec.encode(Before.class, new Before("x", 5));

        assertThat(WireCodec.decode(After.class, old))
                .isEqualTo(new After(
                        "x",
                        5,
                        0,
                        false,
                        Instant.EPOCH,
                        Duration.ZERO,
                        "",
                        List.of(),
                        new TreeSet<>(),
                        Map.of(),
                        new TreeMap<>(),
                        Colour.values()[0],
                        new Square(0)));
    }

    @Test
    void aComponentWithoutAnEmptyValueCannotBeAdded() {
        var old = WireCodec.encode(Before.class, new Before("x", 5));

        assertThatThrownBy(() -> WireCodec.decode(AfterWithoutEmptyValue.class, old))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a Shape was added without an empty value to read old bytes with");
    }

    @Test
    void bytesOfANewerVersionAreRefused() {
        var newer = WireCodec.encode(AfterWithoutEmptyValue.class, new AfterWithoutEmptyValue("x", 5, new Circle(1)));

        assertThatThrownBy(() -> WireCodec.decode(Before.class, newer))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a Before has 3 components, at most 2 are known here");
    }

    @Test
    void anUnknownCaseIsNamed() throws IOException {
        var bytes = bytes(out -> out.writeUTF("Triangle"));

        assertThatThrownBy(() -> WireCodec.decode(Shape.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("'Triangle' is no Shape");
    }

    @Test
    void aCaseOfTheOtherDirectionIsRefused() {
        var bytes = WireCodec.encode(ToMonitor.class, new ToMonitor.Ask());

        assertThatThrownBy(() -> WireCodec.decode(ToService.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("'Ask' is no ToService");
    }

    @Test
    void aLongUnknownNameIsShortened() throws IOException {
        var bytes = bytes(out -> out.writeUTF("x".repeat(60_000)));

        assertThatThrownBy(() -> WireCodec.decode(Shape.class, bytes))
                .isInstanceOf(MalformedException.class)
                .message()
                .hasSizeLessThan(300);
    }

    @Test
    void anUnknownConstantIsNamed() throws IOException {
        var bytes = bytes(out -> {
            out.writeShort(1);
            out.writeUTF("BLUE");
        });

        assertThatThrownBy(() -> WireCodec.decode(Painted.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("'BLUE' is no Colour");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1, 1 << 24})
    void aCountThatCannotBeIsRefusedBeforeRoomIsMadeForIt(int count) throws IOException {
        var collection = bytes(out -> {
            out.writeShort(1);
            out.writeInt(count);
        });

        assertThatThrownBy(() -> WireCodec.decode(Deep.class, collection))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a collection claims %d elements, 0 bytes are left", count);
        assertThatThrownBy(() -> WireCodec.decode(Raw.class, collection))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a text claims %d bytes, 0 are left", count);
    }

    @Test
    void aNegativeNumberOfComponentsIsRefused() throws IOException {
        var bytes = bytes(out -> out.writeShort(-1));

        assertThatThrownBy(() -> WireCodec.decode(Before.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a Before has -1 components, at most 2 are known here");
    }

    @Test
    void bytesLeftOverAreRefused() {
        var bytes = WireCodec.encode(Before.class, new Before("x", 5));

        assertThatThrownBy(() -> WireCodec.decode(Before.class, Arrays.copyOf(bytes, bytes.length + 2)))
                .isInstanceOf(MalformedException.class)
                .hasMessage("2 bytes are left over after a Before");
    }

    @Test
    void whatARecordRefusesIsMalformed() throws IOException {
        var bytes = bytes(out -> {
            out.writeShort(1);
            out.writeInt(7);
        });

        assertThatThrownBy(() -> WireCodec.decode(Picky.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a Picky has an impossible content: an even number is 7");
    }

    @Test
    void aTimeBeyondTheCalendarIsMalformed() throws IOException {
        var bytes = bytes(out -> {
            out.writeLong(Long.MAX_VALUE);
            out.writeInt(Integer.MAX_VALUE);
        });

        assertThatThrownBy(() -> WireCodec.decode(Instant.class, bytes)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> WireCodec.decode(Duration.class, bytes)).isInstanceOf(MalformedException.class);
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        var bytes = bytes(out -> {
            for (int i = 0; i < 10_000; i++) {
                out.writeShort(1);
                out.writeInt(1);
            }
        });

        assertThatThrownBy(() -> WireCodec.decode(Deep.class, bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("values are nested more than 32 deep");
    }

    @Test
    void whatCannotTravelIsNamedWhenItIsWritten() {
        assertThatThrownBy(() -> WireCodec.encode(Untyped.class, new Untyped('x')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class java.lang.Character cannot travel: it is neither record nor plain value");
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) throws IOException {
        var bytes = new ByteArrayOutputStream();
        writing.to(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
