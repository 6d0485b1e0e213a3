package dev.mainstay.monitor.process;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Keeps `docs/ocf-agents.md` true of the agents that are installed.
class OcfAgentsPageIT {
    private static final Path PAGE = Path.of("../docs/ocf-agents.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([^`]+)` \\| (compared|plain|not here) \\| (.*) \\|$");
    private static final Pattern AGENT = Pattern.compile("(?m)^/usr/lib/ocf/resource\\.d/([^/]+)/([^/.][^/]*)$");

    @Test
    void everyInstalledAgentHasItsRow() throws Exception {
        var rows = rows();

        assertThat(installed())
                .hasSizeGreaterThan(130)
                .allSatisfy(agent -> assertThat(rows)
                        .as(
                                "%s has no row in docs/ocf-agents.md: put it through ocf-tester, and write what was seen",
                                agent)
                        .containsKey(agent));
    }

    @Test
    void whatIsComparedIsSaidToBe() throws Exception {
        var compared =
                OcfAgentsIT.subjects().stream().map(OcfAgentsIT.Subject::agent).collect(toSet());

        assertThat(said("compared")).isEqualTo(compared);
    }

    @Test
    void whatIsPromotableIsSaidToRunInItsPlainRole() throws Exception {
        var plain = said("plain");

        assertThat(plain).contains("heartbeat:pgsql", "heartbeat:mysql", "heartbeat:mariadb", "heartbeat:db2");
        for (var agent : installed()) {
            var file = Path.of("/usr/lib/ocf/resource.d", agent.split(":"));
            if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("<action name=\"promote\"")) {
                assertThat(plain).contains(agent);
            }
        }
    }

    private static Set<String> said(String how) throws IOException {
        return rows().entrySet().stream()
                .filter(row -> row.getValue().equals(how))
                .map(Map.Entry::getKey)
                .collect(toSet());
    }

    private static Map<String, String> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE)).results().collect(toMap(row -> row.group(1), row -> row.group(2)));
    }

    /// Those of the two packages; others have agents too.
    private static Set<String> installed() throws Exception {
        var files = Shell.run("dpkg", "-L", "resource-agents", "pacemaker-resource-agents");
        return AGENT.matcher(files).results().map(OcfAgentsPageIT::agent).collect(toSet());
    }

    private static String agent(MatchResult file) {
        return file.group(1) + ":" + file.group(2);
    }
}
