package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final ToService.Closed CLOSED = new ToService.Closed("web");
    private static final int MAGIC = 0x4d535431;
    private static final int HEADER_BYTES = 8;

    @Test
    void aMessageIsReadAsItWasWritten() throws Exception {
        assertThat(Frames.read(stream(frame()), ToService.class)).isEqualTo(CLOSED);
    }

    @Test
    void severalMessagesAreReadOneAfterAnother() throws Exception {
        var written = new ByteArrayOutputStream();
        for (var message : Samples.toService()) {
            Frames.write(Channels.newChannel(written), ToService.class, message);
        }

        var stream = stream(written.toByteArray());

        for (var message : Samples.toService()) {
            assertThat(Frames.read(stream, ToService.class)).isEqualTo(message);
        }
    }

    @Test
    void channelsThatTakeAndGiveOneByteAtATimeWillDo() throws Exception {
        var slow = new OneByteChannel();

        Frames.write(slow, ToService.class, CLOSED);

        assertThat(slow.written.toByteArray()).isEqualTo(frame());
        slow.toRead = ByteBuffer.wrap(frame());
        assertThat(Frames.read(slow, ToService.class)).isEqualTo(CLOSED);
    }

    @Test
    void messagesOfAnySizeArriveInTheirOrderThroughAWriterAndAReader() throws Exception {
        var messages = new ArrayList<ToService>();
        for (int i = 0; i < 300; i++) {
            messages.add(new ToService.LogLine("INFO", "r" + i, "x".repeat(i * 997)));
        }
        var written = new ByteArrayOutputStream();
        var writer = new Frames.Writer(Channels.newChannel(written), ToService.class);
        for (var message : messages) {
            writer.add(message);
        }
        writer.flush();

        var reader = new Frames.Reader(stream(written.toByteArray()));
        for (var message : messages) {
            assertThat(reader.read(ToService.class)).isEqualTo(message);
        }
        assertThatThrownBy(() -> reader.read(ToService.class))
                .isInstanceOf(EOFException.class)
                .hasMessage("the stream ended 8 bytes before the end of a frame");
    }

    @Test
    void aReaderAndAWriterGoOnWithOneByteAtATime() throws Exception {
        var slow = new OneByteChannel();
        var writer = new Frames.Writer(slow, ToService.class);
        writer.add(CLOSED);
        writer.add(CLOSED);
        writer.flush();
        slow.toRead = ByteBuffer.wrap(slow.written.toByteArray());

        var reader = new Frames.Reader(slow);

        assertThat(reader.read(ToService.class)).isEqualTo(CLOSED);
        assertThat(reader.read(ToService.class)).isEqualTo(CLOSED);
    }

    @Test
    void aMessageThatIsTooLargeLeavesTheOthersOfAWriterAlone() throws Exception {
        var written = new ByteArrayOutputStream();
        var writer = new Frames.Writer(Channels.newChannel(written), ToService.class);
        writer.add(CLOSED);

        assertThatThrownBy(() -> writer.add(new ToService.LogLine("INFO", "r", "x".repeat(Frames.LIMIT_BYTES))))
                .isInstanceOf(IllegalArgumentException.class);
        writer.add(CLOSED);
        writer.flush();

        var reader = new Frames.Reader(stream(written.toByteArray()));
        assertThat(reader.read(ToService.class)).isEqualTo(CLOSED);
        assertThat(reader.read(ToService.class)).isEqualTo(CLOSED);
    }

    @Test
    void anotherMagicNumberIsRefused() {
        var bytes = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> Frames.read(stream(bytes), ToService.class))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a frame begins with 47455420 instead of 4d535431");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Frames.LIMIT_BYTES + 1})
    void aLengthThatCannotBeIsRefusedBeforeRoomIsMadeForIt(int length) {
        assertThatThrownBy(() -> Frames.read(stream(header(length)), ToService.class))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a frame claims %d bytes, the limit is %d", length, Frames.LIMIT_BYTES);
    }

    @Test
    void aPeerThatIsNotTrustedYetHasALowerLimit() throws Exception {
        int content = frame().length - HEADER_BYTES;

        assertThat(Frames.read(stream(frame()), ToService.class, content)).isEqualTo(CLOSED);
        assertThatThrownBy(() -> Frames.read(stream(frame()), ToService.class, content - 1))
                .isInstanceOf(MalformedException.class)
                .hasMessage("a frame claims %d bytes, the limit is %d", content, content - 1);
    }

    @Test
    void aStreamThatEndsWithinAFrameSaysHowMuchIsMissing() {
        var frame = frame();
        for (int length = 0; length < frame.length; length++) {
            var half = Arrays.copyOf(frame, length);
            int missing = (length < HEADER_BYTES ? HEADER_BYTES : frame.length) - length;

            assertThatThrownBy(() -> Frames.read(stream(half), ToService.class))
                    .as("the first %d bytes", length)
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the stream ended %d bytes before the end of a frame", missing);
        }
    }

    @Test
    void anEmptyFrameIsMalformed() {
        assertThatThrownBy(() -> Frames.read(stream(header(0)), ToService.class))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void aMessageOverTheLimitIsNotWritten() throws IOException {
        var written = new ByteArrayOutputStream();
        var huge = new ToService.Doomed("x".repeat(Frames.LIMIT_BYTES));

        assertThatThrownBy(() -> Frames.write(Channels.newChannel(written), ToService.class, huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("is over the limit of 8388608");
        assertThat(written.size()).isZero();
    }

    private static byte[] frame() {
        return Frames.frame(ToService.class, CLOSED).array();
    }

    private static byte[] header(int length) {
        return ByteBuffer.allocate(HEADER_BYTES).putInt(MAGIC).putInt(length).array();
    }

    private static ReadableByteChannel stream(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static final class OneByteChannel implements ReadableByteChannel, WritableByteChannel {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        ByteBuffer toRead = ByteBuffer.allocate(0);

        @Override
        public int read(ByteBuffer into) {
            if (!toRead.hasRemaining()) {
                return -1;
            }
            into.put(toRead.get());
            return 1;
        }

        @Override
        public int write(ByteBuffer from) {
            written.write(from.get());
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
