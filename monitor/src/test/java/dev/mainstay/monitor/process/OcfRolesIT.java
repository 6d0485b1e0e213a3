package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Agents that can also be promoted, run as plain resources; the first one was refused for its action `promote`.
class OcfRolesIT extends SupervisedResource {
    @Test
    void aRealPostgresqlIsStartedWatchedAndStoppedByItsAgent() throws Exception {
        var data = cluster();
        var desk = TestDesk.of(
                "ocf",
                Map.of(
                        "agent",
                        "heartbeat:pgsql",
                        "runFolder",
                        directory.resolve("run").toString(),
                        "timeouts.start",
                        "60s",
                        "parameters",
                        Map.of(
                                "pgctl", bin("pg_ctl"),
                                "psql", bin("psql"),
                                "pgdata", data.toString(),
                                "socketdir", data.resolveSibling("").toString(),
                                "logfile", data.resolveSibling("log").toString())),
                directory,
                supervisor.of("r", directory));
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);
        assertThat(online.failure).isEmpty();
        assertThat(entries.isAlive()).isEqualTo(Health.alive());

        var first = postmaster(data);
        run("kill", "-9", Long.toString(first));
        Eventually.until("the database is gone", () -> !runs(first), () -> "process " + first + " runs");
        assertThat(entries.looksAlive()).isInstanceOf(Health.Dead.class);
        entries.terminate(Reason.FAILURE);
        entries.online(desk.new Now());
        assertThat(entries.isAlive()).isEqualTo(Health.alive());

        var second = postmaster(data);
        var offline = desk.new Now();
        entries.offline(offline);
        assertThat(offline.failure).isEmpty();
        assertThat(runs(second)).isFalse();
    }

    @Test
    void whatSomebodyPromotedIsAliveAndIsDemotedBeforeItIsStopped() throws Exception {
        var calls = directory.resolve("calls");
        var agent = directory.resolve("root/resource.d/test/Roles");
        Files.createDirectories(agent.getParent());
        Files.writeString(agent, roles(calls));
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxr-xr-x"));
        var desk = TestDesk.of(
                "ocf",
                Map.of(
                        "agent", "test:Roles",
                        "root", directory.resolve("root").toString(),
                        "runFolder", directory.resolve("run").toString()),
                directory,
                supervisor.of("r", directory));
        EntryPoints entries = desk.type().open(desk);
        entries.online(desk.new Now());
        assertThat(entries.isAlive()).isEqualTo(Health.alive());

        Files.writeString(calls.resolveSibling("calls.state"), "8");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        Files.writeString(calls, "");
        var offline = desk.new Now();
        entries.offline(offline);

        assertThat(offline.failure).isEmpty();
        assertThat(Files.readAllLines(calls))
                .containsSubsequence("demote", "stop")
                .doesNotContain("promote");
    }

    private static String roles(Path calls) {
        return """
                #!/bin/sh
                calls='%s'
                case $1 in
                meta-data) cat <<END
                <resource-agent name="Roles"><version>1</version><parameters/><actions>
                <action name="start" timeout="20s"/><action name="stop" timeout="20s"/>
                <action name="monitor" timeout="20s" interval="10s"/>
                <action name="monitor" role="Promoted" interval="9s"/>
                <action name="promote" timeout="20s"/><action name="demote" timeout="20s"/>
                <action name="meta-data"/><action name="validate-all"/></actions></resource-agent>
                END
                exit 0 ;;
                esac
                echo $1 >>"$calls"
                case $1 in
                start|demote) echo 0 >"$calls.state" ;;
                promote) echo 8 >"$calls.state" ;;
                stop) [ "$(cat "$calls.state" 2>/dev/null)" != 8 ] || exit 1; echo 7 >"$calls.state" ;;
                monitor) exit "$(cat "$calls.state" 2>/dev/null || echo 7)" ;;
                esac
                """.formatted(calls);
    }

    /// A database of its own that listens at a socket in its folder only.
    private Path cluster() throws Exception {
        var home = Files.createDirectory(directory.resolve("pg"));
        // its user must be able to reach it
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        run("chown", "postgres", home.toString());
        var data = home.resolve("data");
        run("su", "postgres", "-s", "/bin/sh", "-c", bin("initdb") + " -N -A trust -D " + data);
        run(
                "sh",
                "-c",
                "printf \"listen_addresses=''\\nunix_socket_directories='%s'\\n\" >>%s/postgresql.conf"
                        .formatted(home, data));
        return data;
    }

    private static String bin(String program) throws IOException {
        try (var versions = Files.newDirectoryStream(Path.of("/usr/lib/postgresql"))) {
            return versions.iterator().next().resolve("bin").resolve(program).toString();
        }
    }

    private static long postmaster(Path data) throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
    }

    private static boolean runs(long pid) {
        return ProcessTable.read(pid).filter(ProcessTable.Entry::alive).isPresent();
    }

    private static void run(String... line) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(List.of(line)).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
