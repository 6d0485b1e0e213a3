package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.ClusterException;
import dev.mainstay.dist.Product.Service;
import dev.mainstay.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The limits of docs/limits.md through the whole product: what is at a limit goes all the way, what is above it
/// is refused or cut where it comes in, and nobody else notices.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsIT {
    private static final int MANY = 1_000;
    private static final int CUT_OF_BYTES = 9 << 20;

    /// Says much too much, when the file of property `flag` tells it to; describes itself at the limit.
    private static final String LOUD = """
            package loud;

            import dev.mainstay.spi.*;
            import dev.mainstay.spi.PropertyDescription.Kind;
            import java.nio.file.*;
            import java.time.Duration;
            import java.util.*;

            public final class LoudType implements ResourceType {
                @Override public TypeDescription describe() {
                    var properties = new ArrayList<>(List.of(PropertyDescription.required("flag", Kind.TEXT, "")));
                    int left = %d - "Loud.".length() - "flag".length();
                    for (int i = 100; left > 4; i++) {
                        int help = Math.min(2_000, left - 4);
                        properties.add(PropertyDescription.optional("p" + i, Kind.TEXT, "h".repeat(help)));
                        left -= 4 + help;
                    }
                    return TypeDescription.of("loud", "1", "Loud.", properties)
                            .withChecks(Duration.ofSeconds(1), Duration.ofSeconds(1));
                }

                @Override public EntryPoints open(ResourceContext context) {
                    var flag = Path.of(context.properties().text("flag"));
                    return new EntryPoints() {
                        @Override public Outcome online(Operation operation) { return Outcome.DONE; }
                        @Override public Outcome offline(Operation operation) { return Outcome.DONE; }
                        @Override public Health looksAlive() { return Health.alive(); }
                        @Override public Health isAlive() {
                            return switch (Files.exists(flag) ? flag.getFileName().toString() : "") {
                                case "evidence" -> Health.dead("e".repeat(%2$d));
                                case "message" -> throw new IllegalStateException("m".repeat(%2$d));
                                case "burst" -> Health.dead("\\u20ac".repeat(5_000));
                                default -> Health.alive();
                            };
                        }
                        @Override public void terminate(Reason reason) {}
                        @Override public void close() {}
                    };
                }
            }
            """.formatted(Limits.DESCRIPTION, CUT_OF_BYTES);

    private final Product product = new Product();
    private Service service;

    @BeforeAll
    void start() throws Exception {
        // nobody else may change where code comes from
        Files.setPosixFilePermissions(product.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        service = product.service();
        done("type", "install", jar().toString());
        Await.until(
                "type loud",
                Product.PATIENCE,
                service::log,
                () -> service.client().types().types().stream()
                        .anyMatch(type -> type.name().equals("loud")));
        apply("""
                groups:
                  quiet:
                    resources:
                      bystander:
                        type: process
                        properties: {command: [/bin/sleep, "100000"]}
                  loud:
                    resources:
                      shouts: {type: loud, restart: {action: none}, properties: {flag: FOLDER/evidence}}
                      throws: {type: loud, restart: {action: none}, properties: {flag: FOLDER/message}}
                  many:
                    resources:
                """
                + IntStream.range(0, MANY)
                        .mapToObj(i ->
                                "      r%d: {type: loud, restart: {action: none}, properties: {flag: FOLDER/burst}}\n"
                                        .formatted(i))
                        .collect(Collectors.joining()));
        service.await("bystander", "online");
        service.await("shouts", "online");
        service.await("throws", "online");
        Await.until("all online", Product.PATIENCE, service::log, () -> count("online") == MANY);
    }

    @AfterAll
    void close() throws IOException {
        product.close();
    }

    private Path jar() throws Exception {
        var source = product.write("loud/LoudType.java", LOUD);
        var told = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        told,
                        told,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-proc:none",
                        "-d",
                        product.folder().resolve("classes").toString(),
                        source.toString());
        assertThat(result).as(told.toString(StandardCharsets.UTF_8)).isZero();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Mainstay-Spi-Version", "1");
        var jar = product.folder().resolve("loud.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var classes = Files.walk(product.folder().resolve("classes"))) {
            out.putNextEntry(new JarEntry("META-INF/services/dev.mainstay.spi.ResourceType"));
            out.write("loud.LoudType\n".getBytes(StandardCharsets.UTF_8));
            for (var one : classes.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(
                        product.folder().resolve("classes").relativize(one).toString()));
                out.write(Files.readAllBytes(one));
            }
        }
        return jar;
    }

    private Product.Ended command(String... words) throws Exception {
        var line = new java.util.ArrayList<>(List.of(words));
        line.addAll(List.of("--socket", CrashIT.socket(service)));
        return product.run(line.toArray(String[]::new));
    }

    private String done(String... words) throws Exception {
        var ended = command(words);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
        return ended.output();
    }

    private void apply(String manifest) throws Exception {
        var file = product.write(
                "m.yaml", manifest.replace("FOLDER", product.folder().toString()));
        done("apply", "-f", file.toString(), "--yes");
    }

    private long count(String state) {
        try {
            return service.client().resources().stream()
                    .filter(one -> one.group().equals("many") && one.state().equals(state))
                    .count();
        } catch (ClusterException e) {
            assertThat(service.process().isAlive()).as(service.log()).isTrue();
            return -1;
        }
    }

    private String reason(String resource) {
        return service.client().resource(resource).reason();
    }

    @Test
    void aTypeThatDescribesItselfAtTheLimitIsShown() throws Exception {
        assertThat(done("type", "list")).contains("loud");
        assertThat(done("type", "show", "loud")).contains("p100", "hhhh");
    }

    @Test
    void aValueAtTheLimitGoesAllTheWayAndOneAboveItIsRefusedWithItsLine() throws Exception {
        var manifest = """
                groups:
                  wide:
                    resources:
                      wide:
                        type: process
                        properties:
                          command: [/bin/sleep, "100000"]
                          environment: {WIDE: VALUE}
                """;
        int room = Limits.PROPERTY_VALUE - "WIDE=".length();
        apply(manifest.replace("VALUE", "v".repeat(room)));
        service.await("wide", "online");
        assertThat(done("resource", "show", "wide")).contains("v".repeat(1_000));
        done("status");
        done("export");

        var above = product.write("above.yaml", manifest.replace("VALUE", "v".repeat(room + 1)));
        var refused = command("apply", "-f", above.toString(), "--yes");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(2);
        assertThat(refused.errors())
                .contains("above.yaml:8", "has a value of 16385 characters, at most 16384 are permitted");
        done("group", "offline", "wide");
        done("group", "delete", "wide");
    }

    @Test
    void textsWithoutEndAndABurstOfThemAreCutAndDisturbNobody() throws Exception {
        var monitor = service.monitor();
        var bystander = Sighting.commanded("sleep 100000");
        product.write("evidence", "");
        product.write("message", "");

        service.await("shouts", "failed");
        service.await("throws", "failed");
        for (var resource : List.of("shouts", "throws")) {
            assertThat(reason(resource).length()).isLessThan(2 * Limits.TEXT);
            assertThat(reason(resource)).contains("at most 4000 are kept)");
        }

        product.write("burst", "");
        Await.until("all failed", Product.PATIENCE, service::log, () -> count("failed") == MANY);
        assertThat(reason("r999")).contains("\u20ac\u20ac\u20ac", "at most 4000 are kept)");
        assertThat(done("group", "maintenance", "quiet", "on", "--reason", "who leads decides"))
                .isNotNull();
        done("group", "maintenance", "quiet", "off");

        // each of them tells 12 KB now: a whole inventory of them is larger than a frame
        service.kill();
        service = product.service();
        Await.until("hosted again", Product.PATIENCE, service::log, () -> count("failed") == MANY);
        service.await("bystander", "online");
        assertThat(service.monitor()).isEqualTo(monitor);
        assertThat(Sighting.commanded("sleep 100000")).isEqualTo(bystander);
        Await.until(
                "the monitor tells all it hosts",
                Product.PATIENCE,
                service::log,
                () -> service.client().monitor("default").resources().size() >= MANY + 3);
        assertThat(service.log()).doesNotContain("over the limit").doesNotContain("bug");
    }
}
