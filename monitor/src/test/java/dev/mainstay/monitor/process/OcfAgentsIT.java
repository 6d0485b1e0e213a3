package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The agents of Debian's packages, each by `ocf-tester` and as a resource: whatever passes there passes here.
///
/// Either runs in namespaces of its own for network, mounts and processes: nothing of this machine is touched.
class OcfAgentsIT {
    private static final int LIMIT_SECONDS = 120;

    /// The shell stays, as the first process of its namespace, and collects what others leave.
    private static final String NAMESPACE = """
            set -e
            cd "$1"; shift
            mount -t sysfs sysfs /sys
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p -m 1755 /run/resource-agents
            ip link set lo up
            ip link add v0 type veth peer name v1
            ip link set v0 up
            ip link set v1 up
            ip addr add 192.0.2.1/24 dev v0
            ip -6 addr add fd00:77::1/64 dev v0 nodad
            mkdir mount source
            touch target
            export HA_RSCTMP=/run/resource-agents
            code=0
            "$@" || code=$?
            exit $code
            """;

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path directory;

    /// An agent with parameters, and whether it passes `ocf-tester`; WORK stands for the folder it runs in.
    ///
    /// Those that do not pass fail there for what no resource needs: an action nobody calls, or the form of the
    /// meta-data.
    record Subject(String agent, boolean passesOcfTester, List<String> parameters) {
        Path file() {
            return Path.of("/usr/lib/ocf/resource.d", agent.split(":"));
        }

        List<String> parametersIn(Path work) {
            return parameters.stream()
                    .map(one -> one.replace("WORK", work.toString()))
                    .toList();
        }
    }

    static List<Subject> subjects() {
        return List.of(
                passing("heartbeat:Dummy"),
                passing("heartbeat:dummypy", "state=WORK/state"),
                passing("heartbeat:symlink", "link=WORK/link", "target=WORK/target"),
                passing("heartbeat:anything", "binfile=/bin/sleep", "cmdline_options=300"),
                passing("heartbeat:Filesystem", "device=tmpfs", "directory=WORK/mount", "fstype=tmpfs"),
                passing(
                        "heartbeat:Filesystem",
                        "device=WORK/source",
                        "directory=WORK/mount",
                        "fstype=none",
                        "options=bind"),
                passing("heartbeat:Route", "destination=198.51.100.0/24", "device=v0"),
                passing("heartbeat:IPaddr2", "ip=192.0.2.9", "nic=v0", "cidr_netmask=24"),
                passing("heartbeat:IPaddr2", "ip=fd00:77::9", "nic=v0", "cidr_netmask=64"),
                passing("heartbeat:IPaddr", "ip=192.0.2.9", "nic=v0", "cidr_netmask=24"),
                passing("heartbeat:SendArp", "ip=192.0.2.1", "nic=v0"),
                passing("heartbeat:portblock", "protocol=tcp", "portno=80", "action=block"),
                passing("heartbeat:iface-macvlan", "device=v0", "name=mv0"),
                passing("heartbeat:iface-bridge", "bridge_name=br7", "bridge_slaves=v1"),
                passing("heartbeat:azure-lb", "port=6117"),
                passing("heartbeat:storage-mon", "drives=/dev/null"),
                passing("heartbeat:SysInfo"),
                failing("heartbeat:Delay", "startdelay=0", "stopdelay=0", "mondelay=0"),
                failing("pacemaker:Dummy"));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void passesHereWhetherOrNotItPassesOcfTester(Subject subject) throws Exception {
        var tester = CompletableFuture.supplyAsync(() -> byOcfTester(subject));
        var lived = asResource(subject);
        var tested = tester.get(LIMIT_SECONDS, TimeUnit.SECONDS);

        assertThat(lived.text()).as("as a resource").endsWith("passed\n");
        assertThat(lived.code()).isZero();
        assertThat(tested.text().contains("passed all tests"))
                .as("passes ocf-tester, which printed: %s", tested.text())
                .isEqualTo(subject.passesOcfTester());
    }

    private record Printed(int code, String text) {}

    private Printed byOcfTester(Subject subject) {
        var work = folder("tester");
        var line = new ArrayList<>(List.of("ocf-tester", "-n", "r"));
        for (var parameter : subject.parametersIn(work)) {
            line.addAll(List.of("-o", parameter));
        }
        line.add(subject.file().toString());
        return inNamespace(work, line);
    }

    private Printed asResource(Subject subject) {
        var work = folder("resource");
        var line = new ArrayList<>(List.of(
                JAVA.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OcfLife.class.getName(),
                work.toString(),
                subject.agent()));
        line.addAll(subject.parametersIn(work));
        return inNamespace(work, line);
    }

    /// Runs to the end; what is left of it then ends with its namespace.
    private Printed inNamespace(Path work, List<String> line) {
        var whole = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                NAMESPACE,
                "namespace",
                work.toString()));
        whole.addAll(line);
        var output = directory.resolve(work.getFileName() + ".out");
        var builder = new ProcessBuilder(whole)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        try {
            var process = builder.start();
            try {
                var ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
                var text = Files.readString(output);
                assertThat(ended).as("%s ends; it printed: %s", line, text).isTrue();
                return new Printed(process.exitValue(), text);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(line.toString(), e);
        }
    }

    private Path folder(String name) {
        try {
            return Files.createDirectory(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Subject passing(String agent, String... parameters) {
        return new Subject(agent, true, List.of(parameters));
    }

    private static Subject failing(String agent, String... parameters) {
        return new Subject(agent, false, List.of(parameters));
    }
}
