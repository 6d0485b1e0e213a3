package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The way of an author: a project, its build and contract, the desk, then a node that runs the type.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorsIT {
    /// Maven and a contract with some thirty starts, on a busy machine.
    private static final long BUILD_LIMIT_SECONDS = 300;

    private static final String THEIRS = """
            groups:
              other:
                resources:
                  theirs:
                    type: process
                    properties: {command: [/bin/sleep, "100004"]}
            """;

    private static final String BOTH = THEIRS + """
              own:
                resources:
                  ours:
                    type: acme
                    properties: {seconds: 100003}
                  apart:
                    type: acme
                    monitor: separate
                    properties: {seconds: 100006}
            """;

    private final Product product = new Product();
    private Path project = Path.of("");
    private Path jar = Path.of("");

    @BeforeAll
    void buildANewProjectAsItsAuthorWould() throws Exception {
        // Nobody else may change where code comes from: a monitor loads none from such a folder.
        Files.setPosixFilePermissions(product.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        var made = product.run("type", "new", "acme", "--dir", product.folder().toString());
        assertThat(made.exitCode()).as(made.output() + made.errors()).isZero();
        project = product.folder().resolve("acme");
        build();
        jar = project.resolve("target/acme.jar");
    }

    @AfterAll
    void close() throws IOException {
        product.close();
    }

    private void build(String... options) throws IOException, InterruptedException {
        build(project, options);
    }

    private void build(Path project, String... options) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("mvn", "-o", "-B", "package"));
        line.addAll(List.of(options));
        var output = project.resolve("build.txt");
        var builder = new ProcessBuilder(line)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var maven = builder.start();
        if (!maven.waitFor(BUILD_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly().waitFor();
        }
        assertThat(maven.exitValue()).as(Files.readString(output)).isZero();
    }

    @Test
    void aNewProjectPassesTheContractAsItIs() throws IOException {
        var report = Files.readString(project.resolve("target/surefire-reports/TEST-example.AcmeContractTest.xml"));

        var counts = Pattern.compile("<testsuite [^>]*?tests=\"(\\d+)\" errors=\"0\" skipped=\"0\" failures=\"0\"")
                .matcher(report);
        assertThat(counts.find()).as(report).isTrue();
        assertThat(Integer.parseInt(counts.group(1))).isGreaterThanOrEqualTo(15);
    }

    @Test
    void theExampleOfADaemonComesOnlineAndAnswersItsControl() throws Exception {
        var made = product.run(
                "type",
                "new",
                "server",
                "--example",
                "daemon",
                "--dir",
                product.folder().toString());
        assertThat(made.exitCode()).as(made.output() + made.errors()).isZero();
        build(product.folder().resolve("server"), "-DskipTests");
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var orders = product.write("ask", "online\nisalive\ncontrol get-address\noffline\nquit\n");

        var desk = product.typed(
                orders,
                "type",
                "try",
                product.folder().resolve("server/target/server.jar").toString(),
                "-p",
                "port=" + port,
                "-p",
                "folder=/usr/share");

        assertThat(desk.exitCode()).as(desk.output() + desk.errors()).isZero();
        assertThat(desk.output())
                .containsSubsequence(
                        "online: ONLINE", "address = http://127.0.0.1:%d/".formatted(port), "offline: OFFLINE");
    }

    @Test
    void namesTheExamplesWhenThereIsNoSuchOne() throws Exception {
        var made = product.run("type", "new", "other", "--example", "demon");

        assertThat(made.exitCode()).isNotZero();
        assertThat(made.errors()).contains("there is no example 'demon'", "[sleep, daemon]");
    }

    @Test
    void theDeskRunsAResourceAloneAndKillsItsMonitor() throws Exception {
        var orders =
                product.write("orders", "online\nisalive\nkill\nstate\ncontrol no-such-thing\noffline\nstate\nquit\n");

        var desk = product.typed(orders, "type", "try", jar.toString(), "-p", "seconds=100005");

        assertThat(desk.exitCode()).as(desk.output() + desk.errors()).isZero();
        assertThat(desk.output())
                .containsSubsequence(
                        "Trying 'acme'",
                        "open: OFFLINE",
                        "online: ONLINE",
                        "the monitor is killed",
                        "adoption: ONLINE",
                        "state: ONLINE",
                        "control no-such-thing: NOT_SUPPORTED",
                        "offline: OFFLINE",
                        "state: OFFLINE");
        var before = Pattern.compile("pid@start\\): (\\[\\d+@\\d+])").matcher(desk.output());
        assertThat(before.find()).isTrue();
        assertThat(desk.output()).contains("processes now: " + before.group(1));
        assertThat(Sighting.commanded("sleep 100005")).isEmpty();
    }

    @Test
    void theDeskTellsByItsExitCodeThatTheLastOrderFailed() throws Exception {
        var orders = product.write("wrong", "online\nsing\n");

        var desk = product.typed(orders, "type", "try", jar.toString());

        assertThat(desk.exitCode()).isEqualTo(3);
        assertThat(desk.output()).contains("there is no command 'sing'");
    }

    @Test
    void theDeskSaysWhichPropertyIsWrong() throws Exception {
        var orders = product.write("none", "quit\n");

        var desk = product.typed(orders, "type", "try", jar.toString(), "-p", "seconds=soon");

        assertThat(desk.output()).contains("open: FAILED", "seconds", "soon");
    }

    @Test
    void aNodeInstallsUpgradesRefusesAndRemovesATypeWhileItRuns() throws Exception {
        var manifest = product.write("both.yaml", BOTH);
        var front = Front.start(product, product.write("theirs.yaml", THEIRS).toString());
        var socket = front.socket("n1").toString();
        var plugins = front.data().resolve("n1/plugins");

        var unknown = product.run("apply", "-f", manifest.toString(), "--yes", "--socket", socket);
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.errors()).contains("acme");

        change(socket, plugins, "install", jar.toString());
        front.until("the type is there", () -> types(front).contains("acme 0.1.0"));
        var applied = product.run("apply", "-f", manifest.toString(), "--yes", "--socket", socket);
        assertThat(applied.exitCode()).as(applied.errors()).isZero();
        front.await("n1", "ours", "online");
        front.await("n1", "apart", "online");
        front.await("n1", "theirs", "online");
        var ours = Sighting.commanded("sleep 100003");
        var theirs = Sighting.commanded("sleep 100004");
        assertThat(ours).hasSize(1);
        assertThat(theirs).hasSize(1);

        upgraded();
        change(socket, plugins, "upgrade", jar.toString());
        front.until("the new version is there", () -> types(front).contains("acme 0.2.0"));
        assertThat(ours).allMatch(Sighting::alive);
        assertThat(theirs).allMatch(Sighting::alive);
        assertThat(product.run("group", "offline", "own", "--socket", socket).exitCode())
                .isZero();
        front.await("n1", "ours", "offline");
        front.await("n1", "apart", "offline");
        assertThat(product.run("group", "online", "own", "--socket", socket).exitCode())
                .isZero();
        front.await("n1", "ours", "online");
        front.await("n1", "apart", "online");
        assertThat(Sighting.commanded("sleep 100003 2")).as("the new code").hasSize(1);
        assertThat(Sighting.commanded("sleep 100006 2"))
                .as("the new code in another monitor")
                .hasSize(1);
        assertThat(theirs).allMatch(Sighting::alive);

        refusals(front, socket, plugins);
        assertThat(Sighting.commanded("sleep 100003 2")).hasSize(1);
        assertThat(theirs).allMatch(Sighting::alive);

        change(socket, plugins, "remove", "acme");
        front.until("the type is gone", () -> types(front).stream().noneMatch(type -> type.startsWith("acme ")));
        assertThat(product.run("group", "offline", "own", "--socket", socket).exitCode())
                .as("what is online of a removed type can still be taken offline")
                .isZero();
        front.await("n1", "ours", "offline");
        assertThat(Sighting.commanded("sleep 100003")).isEmpty();
        assertThat(theirs).allMatch(Sighting::alive);
        assertThat(front.interrupt()).isZero();
    }

    /// The command asks the service which folder it is, and tells it afterwards.
    private void change(String socket, Path plugins, String verb, String what) throws Exception {
        var changed = product.run("type", verb, what, "--socket", socket);
        assertThat(changed.exitCode()).as(changed.output() + changed.errors()).isZero();
        assertThat(changed.output()).contains("Plugin 'acme' is ", "'%s'".formatted(plugins), "look for plugins again");
    }

    private static List<String> types(Front front) {
        return front.node("n1").types().types().stream()
                .map(type -> type.name() + " " + type.version())
                .toList();
    }

    private void upgraded() throws Exception {
        var source = project.resolve("src/main/java/example");
        replace(source.resolve("AcmeType.java"), "\"0.1.0\"", "\"0.2.0\"");
        replace(
                source.resolve("AcmeResource.java"),
                "List.of(\"sleep\", seconds)",
                "List.of(\"sleep\", seconds, \"2\")");
        build("-DskipTests");
    }

    private static void replace(Path file, String before, String after) throws IOException {
        var text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    /// Four that nobody may use, each for another reason; the one that is in use goes on.
    private void refusals(Front front, String socket, Path plugins) throws Exception {
        Files.copy(jar, plugins.resolve("stray.jar"));
        var newer = withContract(plugins.resolve("newer.jar"), "99");
        var foreign = Files.createDirectory(plugins.resolve("foreign"));
        Files.copy(jar, foreign.resolve("foreign.jar"));
        Files.write(foreign.resolve("libfoo.so"), elf());
        allow(plugins, newer, foreign.resolve("foreign.jar"), foreign.resolve("libfoo.so"));
        Files.write(plugins.resolve("acme.jar"), new byte[] {0}, StandardOpenOption.APPEND);
        assertThat(product.run("type", "load", "--socket", socket).exitCode()).isZero();

        front.until(
                "the refusals are told",
                () -> front.node("n1").monitors().stream()
                        .allMatch(monitor -> monitor.refusedTypes().size() == 4));
        assertThat(front.node("n1").monitors()).hasSize(2);
        assertThat(product.run("type", "list", "--socket", socket).output())
                .contains("acme", "Refused by the monitors of this node:")
                .containsPattern("plugin 'stray.jar': .* is not in the list 'allowed'")
                .containsPattern("plugin 'newer.jar': .* version 99 .* this monitor speaks")
                .containsPattern("plugin 'foreign': native code 'libfoo.so' is made for s390x, .* this JVM loads")
                .containsPattern("plugin 'acme.jar': .* it was changed after it was allowed");
        assertThat(product.run("type", "install", foreign.toString(), "--plugins", plugins.toString()))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(3))
                .satisfies(refused -> assertThat(refused.errors()).contains("MST2124", "made for s390x"));
    }

    private Path withContract(Path target, String version) throws IOException {
        try (var source = new JarFile(jar.toFile())) {
            var manifest = new Manifest(source.getManifest());
            manifest.getMainAttributes().putValue("Mainstay-Spi-Version", version);
            try (var out = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (var entry : source.stream()
                        .filter(one -> !one.getName().equals(JarFile.MANIFEST_NAME))
                        .toList()) {
                    out.putNextEntry(entry);
                    source.getInputStream(entry).transferTo(out);
                }
            }
        }
        return target;
    }

    /// The head of a library for a machine on which these tests are not run.
    private static byte[] elf() {
        var head = new byte[64];
        head[0] = 0x7f;
        head[1] = 'E';
        head[2] = 'L';
        head[3] = 'F';
        head[4] = 2; // 64 bits
        head[5] = 2; // big endian
        head[19] = 22; // s390x
        return head;
    }

    private static void allow(Path plugins, Path... files) throws Exception {
        for (var file : files) {
            var sum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            Files.writeString(
                    plugins.resolve("allowed"),
                    "%s  %s%n".formatted(sum, plugins.relativize(file)),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.APPEND);
        }
    }
}
