package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Client;
import dev.mainstay.fixtures.PrivateSystemd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page on upgrading: its commands, one after the other, beside a real systemd with the real unit.
class UpgradeIT {
    private static final Path UNIT = SourceTree.root().resolve("dist/systemd/mainstay.service");
    private static final Path PAGE = SourceTree.root().resolve("docs/upgrading.md");

    @TempDir
    private Path machine;

    private PrivateSystemd systemd;
    private String unit = "";
    private Client client;

    @BeforeEach
    void install() throws Exception {
        systemd = PrivateSystemd.start(machine);
        var product = SourceTree.root().resolve("dist/target/mainstay");
        sh("mkdir -p /run/opt && cp -a %s /run/opt/mainstay-old && rm -rf /run/opt/mainstay-old/caches"
                .formatted(product));
        sh("cp -a /run/opt/mainstay-old /run/opt/mainstay-new && echo newer >/run/opt/mainstay-new/build-id");
        sh("ln -s /run/opt/mainstay-old /run/opt/mainstay");
        // What the unit writes outside of /run and what this machine has no targets for is left out.
        unit = Files.readAllLines(UNIT).stream()
                .filter(line -> !line.matches("(StateDirectory|CacheDirectory|Environment|Wants|After|\\[Unit).*"))
                .collect(Collectors.joining("\n"))
                .replace("/opt/", "/run/opt/")
                .replace("/var/lib/mainstay", "/run/mainstay-data");
        systemd.write("mainstay.service", unit);
        systemd.systemctl("daemon-reload");
        assertThat(systemd.systemctl("start", "mainstay")).isEqualTo("0");
        client = Client.at(systemd.inside("run/mainstay/api.sock"));
        Files.writeString(systemd.inside("run/shop.yaml"), """
                groups:
                  shop:
                    resources:
                      web:
                        type: process
                        properties:
                          command: [/bin/sh, -c, "echo $$$$ >>/run/starts; exec sleep 600"]
                """);
        sh("/run/opt/mainstay/bin/mainstay apply -f /run/shop.yaml --yes");
        await("online");
    }

    @AfterEach
    void end() {
        systemd.run("/bin/sh", "-c", "/run/opt/mainstay/bin/mainstay service stop; systemctl stop mainstay");
        systemd.close();
    }

    private void sh(String script) {
        assertThat(systemd.run("/bin/sh", "-euc", script)).startsWith("0");
    }

    private void await(String state) {
        Await.until(
                "web is " + state,
                Product.PATIENCE,
                () -> systemd.systemctl("status", "mainstay"),
                () -> client.resource("web").state().equals(state));
    }

    private String pidOfService() {
        return systemd.systemctl("show", "-P", "MainPID", "mainstay").substring(2);
    }

    @Test
    void theCommandsOfThePageRestartNothing() throws Exception {
        var started = Files.readAllLines(systemd.inside("run/starts"));
        var commands = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals("## Upgrade a node"))
                .filter(line -> line.startsWith("    "))
                .map(line -> "export TMPDIR=/run; " + line.strip().replace("/opt/", "/run/opt/"))
                .map(line -> line.endsWith("--keep") ? line + " && ! systemctl is-active mainstay" : line)
                .toList();

        var said = commands.stream()
                .map(line -> systemd.run("/bin/sh", "-c", line))
                .toList();

        assertThat(said).hasSize(5).allSatisfy(one -> assertThat(one).startsWith("0"));
        assertThat(said.get(1)).contains("monitors keep the resources for 24 h", "It has ended.");
        await("online");
        assertThat(Files.readAllLines(systemd.inside("run/starts")))
                .isEqualTo(started)
                .hasSize(1);
        sh("kill -0 " + started.getFirst());
        assertThat(client.resource("web").restarts()).isZero();
        sh("grep -q /run/opt/mainstay-new/lib /proc/%s/cmdline".formatted(pidOfService()));
        assertThat(client.latestEvents(100))
                .anyMatch(event ->
                        event.event().equals("ResourcesKept") && event.text().contains("for 24 h"));
    }

    @Test
    void theWatchdogReplacesAServiceThatHangsAndNothingIsRestarted() throws Exception {
        assertThat(systemd.systemctl("show", "-P", "WatchdogUSec", "mainstay")).isEqualTo("0 1min 30s");
        systemd.write("mainstay.service", unit.replace("WatchdogSec=90s", "WatchdogSec=15s"));
        systemd.systemctl("daemon-reload");
        sh("/run/opt/mainstay/bin/mainstay service stop --keep");
        assertThat(systemd.systemctl("start", "mainstay")).isEqualTo("0");
        await("online");
        var hung = pidOfService();

        sh("kill -STOP " + hung);

        Await.until(
                "another service is ready",
                Product.PATIENCE,
                () -> systemd.systemctl("status", "mainstay"),
                () -> !pidOfService().equals(hung)
                        && systemd.systemctl("is-active", "mainstay").equals("0 active"));
        assertThat(systemd.systemctl("show", "-P", "NRestarts", "mainstay")).isEqualTo("0 1");
        await("online");
        var started = Files.readAllLines(systemd.inside("run/starts"));
        assertThat(started).hasSize(1);
        sh("kill -0 " + started.getFirst());
        assertThat(client.resource("web").restarts()).isZero();
    }

    @Test
    void aStopUnderMaintenanceLeavesAloneWhatIsWorkedOn() throws Exception {
        sh("/run/opt/mainstay/bin/mainstay group maintenance shop on --reason 'new disk'");

        assertThat(systemd.systemctl("stop", "mainstay")).isEqualTo("0");

        assertThat(systemd.systemctl("is-active", "mainstay")).isEqualTo("3 inactive");
        sh("kill -0 $(cat /run/starts)");
        assertThat(systemd.systemctl("start", "mainstay")).isEqualTo("0");
        await("online");
        sh("/run/opt/mainstay/bin/mainstay group maintenance shop off");
        assertThat(Files.readAllLines(systemd.inside("run/starts"))).hasSize(1);

        assertThat(systemd.systemctl("stop", "mainstay")).isEqualTo("0");

        assertThat(systemd.run("/bin/sh", "-c", "kill -0 $(cat /run/starts)")).startsWith("1");
    }
}
