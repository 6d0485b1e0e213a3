package dev.mainstay.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {
    private static final int LIMIT_BYTES = 100;
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Test
    void readsABodyOfAGivenLength() throws IOException {
        var reply = read("HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\nX-A:  b \r\n\r\nabcdef");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.headers()).containsEntry("x-a", "b");
        assertThat(reply.text(LIMIT_BYTES)).isEqualTo("abc");
    }

    @Test
    void readsABodyInChunks() throws IOException {
        assertThat(read(CHUNKED + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").text(LIMIT_BYTES))
                .isEqualTo("abcde");
    }

    @Test
    void readsABodyUntilTheEndWhereNothingElseIsSaid() throws IOException {
        assertThat(read("HTTP/1.1 200 OK\r\n\r\nabc").text(LIMIT_BYTES)).isEqualTo("abc");
    }

    @ParameterizedTest
    @CsvSource({
        "SSH-2.0-OpenSSH_9.6, its first line is not HTTP/1.1: 'SSH-2.0-OpenSSH_9.6'",
        "HTTP/1.1 abc, its first line is not HTTP/1.1: 'HTTP/1.1 abc'",
        "HTTP/1.1 200 OK|no colon, a header has no colon: 'no colon'",
        "HTTP/1.1 200 OK|Content-Length: -1, its Content-Length is not a number: '-1'"
    })
    void saysWhatIsNotHttp(String head, String message) {
        assertThatThrownBy(() -> read(head.replace("|", "\r\n") + "\r\n\r\n"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                CHUNKED,
                CHUNKED + "3\r\nab",
                CHUNKED + "3\r\nabc\r\n"
            })
    void saysThatAnAnswerEndedEarly(String half) {
        assertThatThrownBy(() -> read(half).text(LIMIT_BYTES))
                .isInstanceOf(EOFException.class)
                .hasMessageStartingWith("the answer ended early");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "fffffffff"})
    void refusesAChunkOfASizeThatCannotBe(String size) {
        assertThatThrownBy(() -> read(CHUNKED + size + "\r\nabc").text(LIMIT_BYTES))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the size of a chunk is not a number: '" + size + "'");
    }

    @Test
    void refusesAHeadAndABodyWithoutEnd() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nx: " + "y".repeat(100_000)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the head of its answer is longer than 65536 bytes");
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n\r\n" + "y".repeat(LIMIT_BYTES + 1))
                        .text(LIMIT_BYTES))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("its answer is longer than 100 bytes");
    }

    private static Reply read(String bytes) throws IOException {
        return Reply.read(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
