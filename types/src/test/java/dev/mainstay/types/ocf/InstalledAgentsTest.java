package dev.mainstay.types.ocf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The meta-data of every agent of the distribution, as the agents themselves print it.
class InstalledAgentsTest {
    private static final Path ROOT = Path.of("/usr/lib/ocf");
    /// Debian's resource-agents alone has about 140.
    private static final int AGENTS_MIN = 130;

    private static final Pattern PARAMETER = Pattern.compile("<parameter\\s+name=\"([^\"]*)\"");

    @Test
    void theMetadataOfEveryInstalledAgentIsUnderstood() throws Exception {
        var agents = agents();
        for (var agent : agents) {
            var text = printed(agent);
            var read = MetadataReader.read(text);
            assertThat(read.parameters())
                    .as("parameters of %s", agent)
                    .extracting(Metadata.Parameter::name)
                    .containsExactlyElementsOf(PARAMETER
                            .matcher(text)
                            .results()
                            .map(one -> one.group(1))
                            .toList());
            assertThat(read.parameters())
                    .as("parameters of %s", agent)
                    .allSatisfy(one -> assertThat(one.type()).isNotEmpty());
            for (var action : List.of("start", "stop", "monitor")) {
                assertThat(read.advertises(action))
                        .as("%s has %s", agent, action)
                        .isTrue();
                assertThat(read.advised(action)).as("%s of %s", action, agent).isPositive();
            }
        }

        assertThat(agents).hasSizeGreaterThan(AGENTS_MIN);
    }

    @Test
    void levelsRolesAndRequiredParametersAreFound() throws Exception {
        assertThat(metadata("nginx").levels()).containsExactly(30, 20, 10, 0);
        assertThat(metadata("IPaddr2").parameter("ip").orElseThrow().required()).isTrue();
        assertThat(metadata("Stateful").advertises("promote")).isTrue();
        assertThat(metadata("Dummy").advertises("promote")).isFalse();
    }

    private static Metadata metadata(String name) throws Exception {
        return MetadataReader.read(printed(ROOT.resolve("resource.d/heartbeat").resolve(name)));
    }

    private static List<Path> agents() throws IOException {
        try (var files = Files.walk(ROOT.resolve("resource.d"), 2)) {
            return files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static String printed(Path agent) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(agent.toString(), "meta-data")
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(Redirect.DISCARD);
        builder.environment().put("OCF_ROOT", ROOT.toString());
        var process = builder.start();
        try (var out = process.getInputStream()) {
            var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("%s ends", agent)
                    .isTrue();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
