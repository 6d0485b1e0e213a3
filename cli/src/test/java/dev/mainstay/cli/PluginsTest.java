package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.cli.screen.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands about plugins, with a launcher that notes how the desk is started.
class PluginsTest {
    private static final String LAUNCHER = "mainstay.launcher";
    private static final String TYPES = """
            {"types":[{"name":"acme","version":"1.0","help":"","properties":[],"plugin":"acme"},
                      {"name":"process","version":"1.0","help":"","properties":[],"plugin":""}],
             "refused":[],"plugins":"/p"}""";
    private static final String LOADED = "{\"outcome\":\"done\",\"message\":\"they look again\",\"revision\":7}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CannedService service;
    private final Path folder;

    PluginsTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        service = new CannedService();
    }

    @BeforeEach
    void launcher() throws IOException {
        deskSays("Plugin 'acme' is here.", 0);
        service.json("GET /v1/types", TYPES);
        service.json("POST /v1/types/load", LOADED);
    }

    @AfterEach
    void stop() {
        System.clearProperty(LAUNCHER);
        service.close();
    }

    @Test
    void installsWhereTheServiceLooksAndTellsIt() throws IOException {
        assertThat(run(
                        "type",
                        "install",
                        "a b.jar",
                        "--socket",
                        service.socket().toString()))
                .isZero();

        assertThat(orders()).containsExactly("desk", "install", "a b.jar", "--plugins", "/p");
        assertThat(out).hasToString("Plugin 'acme' is here.\nthey look again\n");
        assertThat(service.requests()).last().asString().startsWith("POST /v1/types/load");
    }

    @Test
    void installsInTheFolderThatIsNamed() throws IOException {
        assertThat(run(
                        "type",
                        "upgrade",
                        "a.jar",
                        "--plugins",
                        "/q",
                        "--socket",
                        service.socket().toString()))
                .isZero();

        assertThat(orders()).containsExactly("desk", "upgrade", "a.jar", "--plugins", "/q");
    }

    @Test
    void tellsNobodyOfAPluginThatIsRefused() throws IOException {
        deskSays("install 'a.jar': its native code is made for s390x", 3);

        assertThat(run("type", "install", "a.jar", "--socket", service.socket().toString()))
                .isEqualTo(3);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "MST2124 install 'a.jar': its native code is made for s390x\n        Nothing was changed.\n");
        assertThat(service.requests()).noneMatch(request -> request.contains("load"));
    }

    @Test
    void namesTheResourcesThatLoseTheirType() {
        service.json("GET /v1/resources", "[%s,%s]".formatted(resource("ours", "acme"), resource("web", "process")));

        assertThat(run(
                        "type",
                        "remove",
                        "acme",
                        "-o",
                        "json",
                        "--socket",
                        service.socket().toString()))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"message\": \"Plugin 'acme' is here. What is online of it goes on and cannot come online"
                        + " again: ours. they look again\"");
    }

    @Test
    void goesOnWithoutAServiceUnlessOneIsNamed() throws IOException {
        assertThat(run("type", "install", "a.jar")).isZero();
        assertThat(orders()).endsWith("--plugins", "/var/lib/mainstay/plugins");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("No cluster service was told");

        Files.delete(folder.resolve("orders"));
        assertThat(run("type", "install", "a.jar", "--socket", "/nonexistent/socket"))
                .isEqualTo(5);
        assertThat(folder.resolve("orders")).doesNotExist();
    }

    @Test
    void handsTheTerminalToTheDeskAndEndsAsItDoes() throws IOException {
        deskSays("", 3);

        assertThat(run("type", "try", "a.jar", "--type", "acme", "-p", "port=1", "-p", "text=a b"))
                .isEqualTo(3);

        assertThat(orders())
                .containsExactly("desk", "try", "a.jar", "--type", "acme", "-p", "port=1", "-p", "text=a b");
    }

    @Test
    void writesAProjectWhereItIsSaid() throws IOException {
        assertThat(run("type", "new", "acme", "--dir", "/src")).isZero();

        assertThat(orders()).containsExactly("desk", "new", "acme", "--dir", "/src");
    }

    private static String resource(String name, String type) {
        return """
                {"name":"%s","group":"g","type":"%s","state":"online","wanted":"online","owner":"n1","since":"",
                 "checkpoint":"","detail":"","recovery":"","attempt":1,"restarts":0,"dependsOn":"","reason":"",
                 "properties":{},"conditions":{}}""".formatted(name, type);
    }

    private void deskSays(String words, int exitCode) throws IOException {
        var script = Files.writeString(
                folder.resolve("launcher"),
                "#!/bin/sh\nprintf '%%s\\n' \"$@\" >\"%s\"\nprintf '%%s' \"%s\"\nexit %d\n"
                        .formatted(folder.resolve("orders"), words, exitCode));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        System.setProperty(LAUNCHER, script.toString());
    }

    private List<String> orders() throws IOException {
        return Files.readAllLines(folder.resolve("orders"));
    }

    private int run(String... words) {
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader("")),
                false,
                false,
                ZoneOffset.UTC,
                Map.of("XDG_STATE_HOME", folder.toString()));
        return Main.run(List.of(words), terminal);
    }
}
