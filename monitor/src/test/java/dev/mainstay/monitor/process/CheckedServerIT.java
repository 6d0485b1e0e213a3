package dev.mainstay.monitor.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks against a server that sends whatever it likes, as slowly as it likes.
class CheckedServerIT {
    private static final Duration FAR_BELOW_A_HANG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<String> questions = new ConcurrentLinkedQueue<>();
    private final ServerSocket server = someServer();
    private volatile Reply reply = out -> {};

    @FunctionalInterface
    private interface Reply {
        void to(OutputStream out) throws IOException;
    }

    @AfterEach
    void stopServer() throws Exception {
        server.close();
    }

    /// Each of them dripped on and was waited for by 300 s and more.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 O",
                "HTTP/1.1 200 OK\r\nX-Filler: ",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
            })
    void endsWithinItsTimeoutWhereverTheServerDrips(String before) throws Exception {
        var entries = http(Map.of("timeout", "300ms", "contains", "all is well"));
        reply = out -> {
            out.write(before.getBytes(ISO_8859_1));
            while (true) {
                out.write('a');
                pause();
            }
        };

        var begin = System.nanoTime();
        assertThat(entries.isAlive()).isEqualTo(new Health.Undecided(url("http") + ": no answer within 300 ms"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(FAR_BELOW_A_HANG);
    }

    @Test
    void endsWithinItsTimeoutWhenAHandshakeOfTlsDrips() throws Exception {
        var entries = http(Map.of("url", url("https"), "timeout", "300ms"));
        reply = out -> {
            // the head of a record of 16,000 bytes
            out.write(new byte[] {0x16, 3, 3, 0x3e, (byte) 0x80});
            while (true) {
                out.write(2);
                pause();
            }
        };

        assertThat(entries.isAlive()).isEqualTo(new Health.Undecided(url("https") + ": no answer within 300 ms"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            SSH-2.0-OpenSSH_9.2\\r\\n                              | its answer is not HTTP: it begins with 'SSH-2.0-OpenSSH_9.2'
            HTTP/1.1 abc\\r\\n\\r\\n                               | its answer is not HTTP: it begins with 'HTTP/1.1 abc'
            ""                                                     | it closed the connection without an answer
            HTTP/1.1 200 OK\\r\\nX: y\\r\\n                        | it closed the connection in the middle of its header
            HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nno    | status 200, but it closed the connection 7 bytes before the end of its body
            HTTP/1.1 200 OK\\r\\nContent-Length: -9\\r\\n\\r\\nno   | status 200, but its Content-Length is '-9'
            HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n | status 200, but the size of a chunk of its body is 'zz'
            HTTP/1.1 999 Odd\\r\\n\\r\\n                           | status 999
            """)
    void saysInWordsWhatAnOddAnswerIs(String sent, String words) throws Exception {
        var entries = http(Map.of("contains", "all is well"));
        reply = out -> out.write(sent.replace("\\r\\n", "\r\n").getBytes(ISO_8859_1));

        assertThat(entries.isAlive()).isEqualTo(new Health.Dead(url("http") + ": " + words));
    }

    @Test
    void doesNotReadOnForeverWhateverIsSentFast() throws Exception {
        var entries = http(Map.of());
        reply = out -> {
            while (true) {
                out.write("HTTP/1.1 102 Processing\r\n\r\n".getBytes(ISO_8859_1));
            }
        };
        assertThat(entries.isAlive())
                .isEqualTo(new Health.Dead(url("http") + ": more than 10 interim answers, the last with status 102"));
    }

    @Test
    void doesNotReadAnEndlessHeader() throws Exception {
        var entries = http(Map.of());
        reply = out -> {
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(ISO_8859_1));
            while (true) {
                out.write(new byte[1000]);
            }
        };
        assertThat(entries.isAlive()).isEqualTo(new Health.Dead(url("http") + ": its header is longer than 64 KiB"));
    }

    @Test
    void findsATextAcrossChunksBeforeTheBodyEnds() throws Exception {
        var entries = http(Map.of("contains", "all is well"));
        reply = out -> {
            out.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(ISO_8859_1));
            out.write("5;x=y\r\nall i\r\n6\r\ns well\r\n".getBytes(ISO_8859_1));
            while (true) {
                pause();
                out.write("1\r\na\r\n".getBytes(ISO_8859_1));
            }
        };

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
    }

    @Test
    void sendsTheHeaderFieldsAsTheyAreWritten() throws Exception {
        reply = out -> out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1));
        var entries = http(Map.of("headers", Map.of("host", "shop.example.com", "X-Probe", "cluster")));

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(questions.remove())
                .contains("Host: shop.example.com\r\n", "X-Probe: cluster\r\n")
                .doesNotContain("127.0.0.1");
    }

    @Test
    void sendsTheUserOfTheUrlAndTellsNobody() throws Exception {
        reply = out -> out.write("HTTP/1.1 401 Unauthorized\r\n\r\n".getBytes(ISO_8859_1));
        var entries = http(Map.of("url", url("http").replace("//", "//anna:secret@") + "?key=secret"));

        assertThat(entries.isAlive()).isEqualTo(new Health.Dead(url("http") + "?...: status 401"));
        assertThat(questions.remove()).contains("GET /health?key=secret HTTP/1.1", "Basic YW5uYTpzZWNyZXQ=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "connection", "bad name", "X\r\nY"})
    void refusesFieldsThatAreTheChecksOwn(String name) {
        assertThatThrownBy(() -> http(Map.of("headers", Map.of(name, "1"))))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("it cannot be set");
    }

    /// The name has 127.0.0.1 and ::1; the server listens at one of them.
    @Test
    void triesEveryAddressOfAName() throws Exception {
        reply = out -> out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1));
        var entries = http(Map.of("url", url("http").replace("127.0.0.1", "localhost")));

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
    }

    @Test
    void theLastTryBeforeTheEndKeepsTheReason() throws Exception {
        reply = out -> {
            if (questions.size() > 1) {
                while (true) {
                    pause();
                }
            }
            out.write("HTTP/1.1 503 Not yet\r\n\r\n".getBytes(ISO_8859_1));
        };
        var desk = desk(Map.of("startGrace", "600ms"));
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("its check says: %s: status 503.".formatted(url("http")));
    }

    private EntryPoints http(Map<String, Object> set) throws ResourceFailure {
        var desk = desk(set);
        return desk.type().open(desk);
    }

    private TestDesk desk(Map<String, Object> set) {
        var all = new HashMap<String, Object>(Map.of("url", url("http")));
        all.putAll(set);
        return TestDesk.of("http", all, directory, new ProcessSupervisor("unused").of("r", directory));
    }

    private String url(String scheme) {
        return "%s://127.0.0.1:%d/health".formatted(scheme, server.getLocalPort());
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ServerSocket someServer() {
        try {
            var socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
            Thread.ofPlatform().daemon().start(() -> serve(socket));
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(ServerSocket socket) {
        try {
            while (true) {
                var client = socket.accept();
                Thread.ofPlatform().daemon().start(() -> answer(client));
            }
        } catch (IOException closed) {
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private void answer(Socket client) {
        try (client) {
            var first = new byte[4096];
            var length = client.getInputStream().read(first);
            questions.add(new String(first, 0, Math.max(0, length), ISO_8859_1));
            reply.to(client.getOutputStream());
        } catch (SocketException theCheckHungUp) {
            questions.add("");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
