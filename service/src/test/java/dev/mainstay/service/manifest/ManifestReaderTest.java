package dev.mainstay.service.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import dev.mainstay.core.state.Timing;
import dev.mainstay.protocol.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
    private static final Map<String, String> VARIABLES =
            Map.of(Variables.JAVA, "/jdk/bin/java", Variables.DIRECTORY, "/srv");

    static Manifest read(String text) {
        var reading =
                ManifestReader.read("test.yaml", text.getBytes(StandardCharsets.UTF_8), SampleTypes.all(), VARIABLES);
        assertThat(reading).isInstanceOf(Reading.Good.class);
        return ((Reading.Good) reading).manifest();
    }

    @Test
    void readsEveryKey() {
        var manifest = read("""
                cluster: website
                groups:
                  website:
                    description: pages
                    preferredOwners: [n1, n2]
                    failoverThreshold: 2
                    failoverPeriod: 3h
                    online: false
                    resources:
                      web:
                        type: process
                        description: serves
                        dependsOn: data
                        properties:
                          command: ["${mainstay.java}", "${manifest.directory}/x", $$HOME, 8080]
                          environment: {LANG: C, TZ: UTC}
                          check: {http: "http://127.0.0.1/", timeout: 2s}
                        restart: {action: restart, threshold: 5, period: 20min, delay: 0ms, retryPeriod: never}
                        looksAliveInterval: 1s
                        isAliveInterval: 2min
                        pendingTimeout: 10ms
                        deadlockTimeout: 1s
                        possibleOwners: [n1]
                      data: {type: script, properties: {scriptFilePath: /bin/true}}
                """);

        var group = manifest.groups().getFirst();
        var web = group.resources().getFirst();
        assertThat(manifest.cluster()).isEqualTo("website");
        assertThat(group.online()).isFalse();
        assertThat(group.settings().preferredOwners()).containsExactly(new NodeId("n1"), new NodeId("n2"));
        assertThat(group.settings().failoverThreshold()).isEqualTo(2);
        assertThat(web.dependency()).hasToString("data");
        assertThat(web.properties())
                .containsExactly(
                        entry("check.http", List.of("http://127.0.0.1/")),
                        entry("check.timeout", List.of("2s")),
                        entry("command", List.of("/jdk/bin/java", "/srv/x", "$HOME", "8080")),
                        entry("environment", List.of("LANG=C", "TZ=UTC")));
        assertThat(web.restart())
                .isEqualTo(new RestartPolicy(Action.RESTART, 5, Duration.ofMinutes(20), Duration.ZERO, Duration.ZERO));
        assertThat(web.timing())
                .isEqualTo(new Timing(
                        Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofMillis(10), Duration.ofSeconds(1)));
        assertThat(web.possibleOwners()).containsExactly(new NodeId("n1"));
    }

    @Test
    void fillsInTheUsualValues() {
        var group = read("groups: {g: {resources: {r: {type: process, properties: {command: [x]}}}}}")
                .groups()
                .getFirst();

        assertThat(group.online()).isTrue();
        assertThat(group.settings().failoverThreshold()).isEqualTo(GroupSettings.OTHER_NODES);
        assertThat(group.resources().getFirst().restart()).isEqualTo(RestartPolicy.DEFAULT);
        assertThat(group.resources().getFirst().timing()).isEqualTo(Timing.OF_TYPE);
    }

    @ParameterizedTest
    @CsvSource({
        "a and b, a and b",
        "a or b and c, (a or b) and (a or c)",
        "(a or b) and c, (a or b) and c",
        "((a)), a",
        "a and a, a",
    })
    void multipliesDependenciesOut(String written, String meant) throws DependencyText.Unreadable {
        assertThat(new DependencyText(written).dependency()).hasToString(meant);
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "5s, 5000", "15min, 900000", "1h, 3600000", "2d, 172800000", "0ms, 0"})
    void readsAndWritesDurations(String text, long millis) {
        assertThat(Quantity.duration(text)).isEqualTo(new Quantity.Amount(millis));
        assertThat(Quantity.text(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void refusesAFileLargerThanOneMebibyte() {
        var reading = ManifestReader.read("big.yaml", new byte[Limits.HTTP_BODY + 1], SampleTypes.all(), VARIABLES);

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Broken.class,
                        broken -> assertThat(broken.problems())
                                .singleElement()
                                .satisfies(
                                        problem -> assertThat(problem.message()).contains("at most 1MiB")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"website", "postgresql"})
    void readsTheExamples(String name) throws IOException {
        var manifest = read(Files.readString(Path.of("../examples/" + name + ".yaml")));

        assertThat(manifest.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.resources()).isNotEmpty());
    }
}
