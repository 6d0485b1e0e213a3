package dev.mainstay.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The page docs/commands.md, made from the help texts; `-Dmainstay.regenerate=true` writes it again.
class CommandsPageTest {
    private static final Path PAGE = Path.of("../docs/commands.md");

    @Test
    void isPublishedAsItIs() throws IOException {
        var text = text();
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(PAGE, text);
        }

        assertThat(PAGE)
                .as("run: mvn -pl cli -am test -Dtest=CommandsPageTest -Dmainstay.regenerate=true")
                .hasContent(text);
    }

    private static String text() {
        return """
                # Commands

                Generated from the command's own help by `CommandsPageTest`. Names of groups and resources are those
                of the [manifest](manifests.md); errors begin with a code that [errors.md](errors.md) explains.

                ```
                %s
                ```

                The socket a command asks is the first of: `--socket`, the variable `MAINSTAY_SOCKET`,
                `/run/mainstay/api.sock` of the machine's own service, the newest `mainstay run` of this user.
                %s
                ## `mainstay service`

                The cluster service of one node, as [the unit file](../dist/systemd/mainstay.service) starts it:

                | option | meaning | default |
                | --- | --- | --- |
                | `--data DIR` | everything that must survive: log, snapshots, journal, adoption records | required |
                | `--socket PATH` | where it listens for commands | `run/api.sock` in the data directory |
                | `--node NAME` | this node | `n1` |
                | `--cluster NAME` | the cluster, when it is new | `mainstay` |
                | `--member NAME=HOST:PORT` | the log's address of each node, this one included; once for each | one node |
                | `--hold DURATION` | how long monitors keep their resources without it, 2s to 7d | `24h`, with other members `30s` |
                | `--beat DURATION` | how often it and its monitors ask each other whether they are there, 100ms to 10s | `1s` |
                | `--silence DURATION` | after so long without an answer a monitor is killed and replaced, and a monitor leaves a connection to a service; 1s to 10min, at least four beats | `10s` |
                | `--lastResort COMMAND` | run with the reason as its last argument when a process cannot be killed | none |
                | `--recover` | once: go on without what is damaged or missing in DIR, which is put aside | |
                | `--new-cluster` | once: put all data of DIR aside and begin a new cluster | |
                | `--config FILE` | a file with these as keys | `node.yaml` in the data directory, if there |
                | `--parent-pipe` | end in good order when standard input ends | |

                `mainstay desk` is the process in which `mainstay type install`, `try` and their sisters load the code of a plugin;
                they start it themselves.

                ## In a source checkout

                | command | what it does |
                | --- | --- |
                | `mainstay build` | builds everything, without tests |
                | `mainstay test` | builds and runs every test; the last line counts them |
                | `mainstay bench NAME` | runs a benchmark, see [performance.md](performance.md) |
                | `mainstay warm` | makes the caches anew that let the processes start fast; `MAINSTAY_CACHES=off` does without |
                """.formatted(
                Help.all(),
                Verbs.ALL.stream()
                        .map(verb -> "\n## `mainstay %s`\n\n```\n%s\n```\n".formatted(verb.words(), Help.of(verb)))
                        .collect(joining()));
    }
}
