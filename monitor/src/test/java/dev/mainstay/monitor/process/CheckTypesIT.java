package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lives of `http` and `tcp` resources over real connections.
class CheckTypesIT {
    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir
    Path directory;

    private final AtomicInteger status = new AtomicInteger(200);
    private ProcessSupervisor supervisor = new ProcessSupervisor("unused");
    private HttpServer server = someServer(false);

    @BeforeEach
    void startSupervisor() {
        supervisor = new ProcessSupervisor(
                "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName()));
    }

    @AfterEach
    void stopServer() throws Exception {
        server.stop(0);
        supervisor.close();
    }

    @Test
    void isOnlineOnceThePageIsAnsweredAndFailsWithItsStatus() throws Exception {
        var entries = online(desk("http", Map.of("url", url("http"), "contains", "all is well")));

        assertThat(entries.looksAlive()).isEqualTo(Health.alive());
        status.set(503);
        assertThat(evidence(entries.isAlive())).isEqualTo(url("http") + ": status 503");
        assertThat(entries.offline(desk("http", Map.of()).new Now())).isEqualTo(Outcome.DONE);
    }

    @Test
    void tellsThatTheTextIsMissing() throws Exception {
        var entries = open(desk("http", Map.of("url", url("http"), "contains", "no such words")));

        assertThat(evidence(entries.isAlive())).contains("status 200, but its body does not contain 'no such words'");
    }

    @Test
    void believesOnlyTheExpectedStatus() throws Exception {
        var entries = open(desk("http", Map.of("url", url("http"), "status", "204, 400-499")));

        assertThat(evidence(entries.isAlive())).contains("status 200");
        status.set(404);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
    }

    @Test
    void isDeadOnlyAfterSoManyFailuresInARow() throws Exception {
        var entries = online(desk("http", Map.of("url", url("http"), "failuresBeforeDead", 3L)));
        status.set(500);

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(evidence(entries.isAlive())).contains("status 500, 3 times in a row");
        status.set(200);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        status.set(500);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
    }

    @Test
    void aServerThatNeverAnswersIsUndecidedTwiceAndThenDead() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var url = "http://127.0.0.1:" + silent.getLocalPort();
            var entries = open(desk("http", Map.of("url", url, "timeout", "100ms")));

            assertThat(entries.isAlive()).isInstanceOf(Health.Undecided.class);
            assertThat(entries.isAlive()).isInstanceOf(Health.Undecided.class);
            assertThat(evidence(entries.isAlive())).contains("no answer within 100 ms, 3 times in a row");
        }
    }

    @Test
    void believesTheCertificateOfItsFileOnly() throws Exception {
        server.stop(0);
        server = someServer(true);
        var url = url("https");

        assertThat(evidence(open(desk("http", Map.of("url", url))).isAlive())).contains("TLS: ");
        var authority = directory.resolve("server.pem").toString();
        assertThat(online(desk("http", Map.of("url", url, "caFile", authority))).isAlive())
                .isEqualTo(Health.alive());
        var otherName = url.replace("127.0.0.1", "127.0.0.2");
        assertThat(evidence(open(desk("http", Map.of("url", otherName, "caFile", authority)))
                        .isAlive()))
                .contains("127.0.0.2");
        assertThat(open(desk("http", Map.of("url", otherName, "verify", false))).isAlive())
                .isEqualTo(Health.alive());
    }

    @Test
    void saysWhatIsWrongWithItsProperties() {
        assertRefused(Map.of("url", "ftp://x"), "no http or https URL");
        assertRefused(Map.of("url", "http://127.0.0.1/", "verify", false), "caFile and verify are for https");
        assertRefused(Map.of("url", "http://127.0.0.1/", "status", "2xx"), "'2xx' is no status");
        assertRefused(Map.of("url", "http://127.0.0.1/", "status", "300-200"), "begins behind its end");
        assertRefused(Map.of("url", "https://127.0.0.1/", "caFile", "/no/such"), "caFile of 'r': '/no/such'");
    }

    @Test
    void aPortIsAliveAsLongAsItAccepts() throws Exception {
        var address = "127.0.0.1:" + server.getAddress().getPort();
        var entries = online(desk("tcp", Map.of("address", address)));

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        server.stop(0);
        assertThat(evidence(entries.looksAlive())).isEqualTo(address + ": connection refused");
    }

    @Test
    void comesNotOnlineWhereNobodyListens() throws Exception {
        server.stop(0);
        var address = "127.0.0.1:" + server.getAddress().getPort();
        var desk = desk("tcp", Map.of("address", address, "startGrace", "200ms"));
        var operation = desk.new Now();
        desk.type().open(desk).online(operation);

        assertThat(operation.failure.orElseThrow())
                .hasMessageContaining("startGrace (200 ms)")
                .hasMessageContaining("connection refused");
    }

    @Test
    void aNameThatCannotBeResolvedIsSaidInWords() throws Exception {
        var entries = open(desk("tcp", Map.of("address", "no-such-name.invalid:80")));

        assertThat(evidence(entries.isAlive())).contains("its name cannot be resolved");
    }

    @Test
    void aNameServerThatKeepsSilentMakesNoCheckLate() throws Exception {
        Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:2 attempts:2\n");
        var inside = "ip link set lo up && mount --bind resolv.conf /etc/resolv.conf && exec \"$@\"";
        var process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--mount",
                        "sh",
                        "-c",
                        inside,
                        "inside",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsun.net.inetaddr.negative.ttl=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SilentNameServer.class.getName(),
                        directory.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("passed\n");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aLaterMonitorAsksAgain() throws Exception {
        var desk =
                desk("tcp", Map.of("address", "127.0.0.1:" + server.getAddress().getPort()));
        var operation = desk.new Now();
        desk.type().open(desk).online(operation);
        var later = desk.after(operation.adoption.orElseThrow(), supervisor.of("r", directory));

        assertThat(later.type().open(later).isAlive()).isEqualTo(Health.alive());
    }

    private void assertRefused(Map<String, Object> set, String words) {
        assertThatThrownBy(() -> open(desk("http", set)))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining(words);
    }

    private static EntryPoints open(TestDesk desk) throws ResourceFailure {
        return desk.type().open(desk);
    }

    private static EntryPoints online(TestDesk desk) throws ResourceFailure {
        var entries = open(desk);
        var operation = desk.new Now();
        assertThat(entries.online(operation)).isEqualTo(Outcome.PENDING);
        assertThat(operation.failure).isEmpty();
        return entries;
    }

    private static String evidence(Health health) {
        assertThat(health).isInstanceOf(Health.Dead.class);
        return ((Health.Dead) health).evidence();
    }

    private TestDesk desk(String type, Map<String, Object> set) {
        return TestDesk.of(type, new HashMap<>(set), directory, supervisor.of("r", directory));
    }

    private String url(String scheme) {
        return "%s://127.0.0.1:%d/health".formatted(scheme, server.getAddress().getPort());
    }

    private HttpServer someServer(boolean secured) {
        try {
            var address = new InetSocketAddress(secured ? null : InetAddress.getLoopbackAddress(), 0);
            HttpServer begun = secured ? HttpsServer.create(address, 0) : HttpServer.create(address, 0);
            if (begun instanceof HttpsServer https) {
                https.setHttpsConfigurator(new HttpsConfigurator(certificate()));
            }
            begun.createContext("/", exchange -> {
                var body = "all is well".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status.get(), body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            begun.start();
            return begun;
        } catch (Exception e) {
            throw new AssertionError("the server of the test does not start", e);
        }
    }

    /// A certificate for 127.0.0.1 alone, signed by itself; as `server.pem` for those who believe it.
    private SSLContext certificate() throws Exception {
        var store = directory.resolve("server.p12").toString();
        keytool("-genkeypair", "-alias", "s", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=ip:127.0.0.1", store);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "s",
                "-file",
                directory.resolve("server.pem").toString(),
                store);
        var keys = KeyStore.getInstance("PKCS12");
        try (var bytes = Files.newInputStream(Path.of(store))) {
            keys.load(bytes, PASSWORD);
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... argumentsAndStore) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(argumentsAndStore));
        line.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.add(line.size() - 1, "-keystore");
        line.addAll(List.of("-storetype", "PKCS12", "-storepass", String.valueOf(PASSWORD)));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
