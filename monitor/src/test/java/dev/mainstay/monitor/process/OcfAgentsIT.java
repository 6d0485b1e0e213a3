package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The agents of Debian's packages, each by `ocf-tester` and as a resource: whatever passes there passes here.
///
/// Either runs in namespaces of its own for network, mounts and processes: nothing of this machine is touched.
/// What each needs is prepared by a file of the folder `agents` among the resources of the tests, `passing` or
/// `failing` by what `ocf-tester` says of it. Those that fail there fail for what no resource needs, and pass
/// here. Its tests run at once, but none beside another class, whose mounts would be copied into its namespaces.
class OcfAgentsIT {
    private static final int LIMIT_SECONDS = 180;
    private static final int ATTEMPTS = 3;
    private static final Path SUBJECTS = Path.of("src/test/resources/agents").toAbsolutePath();
    /// Whether it passes, the provider, the agent.
    private static final int DEPTH = 3;

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    /// The folder of a subject as it sees it.
    private static final String WORK = "/mnt";

    @TempDir
    Path directory;

    /// A file that prepares an agent; what follows a dot in its name tells those of one agent apart.
    record Subject(Path file) {
        String agent() {
            return "%s:%s".formatted(provider(), name());
        }

        Path agentFile() {
            return Path.of("/usr/lib/ocf/resource.d", provider(), name());
        }

        boolean passesOcfTester() {
            return file.startsWith(SUBJECTS.resolve("passing"));
        }

        private String name() {
            return file.getFileName().toString().split("\\.")[0];
        }

        private String provider() {
            return file.getName(file.getNameCount() - 2).toString();
        }

        @Override
        public String toString() {
            return "%s:%s".formatted(provider(), file.getFileName());
        }
    }

    static List<Subject> subjects() throws IOException {
        try (var files = Files.walk(SUBJECTS, DEPTH)) {
            return files.filter(file -> SUBJECTS.relativize(file).getNameCount() == DEPTH)
                    .sorted()
                    .map(Subject::new)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Execution(ExecutionMode.CONCURRENT)
    void doesAsOcfTesterSays(Subject subject) throws Exception {
        once(attempt -> {
            var tested = inNamespace(
                    "tester" + attempt, subject, Stream.of("sh", SUBJECTS.resolve("tester.sh"), subject.agentFile()));

            assertThat(tested.text().contains("passed all tests"))
                    .as("passes ocf-tester, which printed: %s", tested.text())
                    .isEqualTo(subject.passesOcfTester());
        });
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Execution(ExecutionMode.CONCURRENT)
    void livesAsAResource(Subject subject) throws Exception {
        once(attempt -> {
            var lived = inNamespace(
                    "resource" + attempt,
                    subject,
                    Stream.of(
                            JAVA,
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OcfLife.class.getName(),
                            WORK,
                            subject.agent()));

            assertThat(lived.text()).endsWith("passed\n");
            assertThat(lived.code()).isZero();
        });
    }

    private interface Attempt {
        void make(int number) throws Exception;
    }

    /// Some agents race with their own servers: `pgagent` asks for a process that has not changed its name yet,
    /// `ClusterMon` returns from stop before its program has ended. What works in one of three attempts works;
    /// what hangs is not tried again.
    private static void once(Attempt attempt) throws Exception {
        for (int number = 1; ; number++) {
            try {
                attempt.make(number);
                return;
            } catch (AssertionError failed) {
                if (number == ATTEMPTS) {
                    throw failed;
                }
            }
        }
    }

    private record Printed(int code, String text) {}

    /// Runs to the end; what is left of it then ends with its namespace.
    private Printed inNamespace(String name, Subject subject, Stream<?> line) throws Exception {
        var work = Files.createDirectory(directory.resolve(name));
        var whole = new ArrayList<>(List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"));
        Stream.concat(Stream.of("--mount-proc", "sh", SUBJECTS.resolve("namespace.sh"), work, subject.file()), line)
                .map(Object::toString)
                .forEach(whole::add);
        var output = directory.resolve(name + ".out");
        var process = new ProcessBuilder(whole)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            var ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            var text = Files.readString(output);
            if (!ended) {
                throw new IllegalStateException("%s did not end; it printed: %s".formatted(whole, text));
            }
            return new Printed(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
