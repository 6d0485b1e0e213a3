package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a program finds that was started with nothing between.
@Timeout(60)
class NewProcessIT {
    @TempDir
    Path directory;

    private final ExitWatch watch = new ExitWatch();

    @AfterEach
    void stopWatching() {
        watch.close();
    }

    private NewProcess.Plan plan(List<String> line, List<String> environment) throws IOException {
        var output =
                OpenFile.appending(OpenFolder.open(directory, 0), "out", 0600).orElseThrow();
        return new NewProcess.Plan(
                line.getFirst(),
                line,
                environment,
                Optional.empty(),
                directory,
                true,
                OpenFile.reading(Path.of("/dev/null")),
                output,
                Optional.empty());
    }

    private int run(NewProcess.Plan plan, String... more) throws Exception {
        try (var process = NewProcess.begin(plan)) {
            assertThat(ProcessTable.read(process.pid())).isPresent();
            return process.release(List.of(more)).exit(watch).get(20, TimeUnit.SECONDS);
        }
    }

    private byte[] output() throws IOException {
        return Files.readAllBytes(directory.resolve("out"));
    }

    @Test
    void passesEveryArgumentAndEveryNameOfTheEnvironmentAsItsBytes() throws Exception {
        var environment = List.of("discovery.type=single node", "a-b=c", "1=2", "shift=8", "EMPTY=", "GRÜSS=grüß €");
        var line = List.of("/bin/cat", "/proc/self/cmdline", "/proc/self/environ", "müller 日本語", "", "*");

        var exit = run(plan(line, environment), "LAST=日本語");

        // the words that are no files
        assertThat(exit).isEqualTo(1);
        var text = new String(output(), StandardCharsets.UTF_8);
        assertThat(text).contains(String.join("\0", line) + "\0" + String.join("\0", environment) + "\0LAST=日本語\0");
    }

    @Test
    void hasJustThreeDescriptors() throws Exception {
        var exit = run(plan(List.of("/bin/ls", "/proc/self/fd"), List.of()));

        assertThat(exit).isZero();
        // the fourth is the folder that ls lists
        assertThat(new String(output(), StandardCharsets.UTF_8)).isEqualTo("0\n1\n2\n3\n");
    }

    @Test
    void hasASessionOfItsOwnAndEverySignalAsTheKernelGivesIt() throws Exception {
        var exit = run(plan(List.of("/bin/cat", "/proc/self/stat", "/proc/self/status"), List.of()));

        assertThat(exit).isZero();
        var text = new String(output(), StandardCharsets.UTF_8);
        var fields = text.split(" ");
        assertThat(fields[5]).isEqualTo(fields[0]);
        assertThat(text)
                .contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000");
    }

    @Test
    void tellsExitCodeAndSignal() throws Exception {
        assertThat(run(plan(List.of("/bin/sh", "-c", "exit 7"), List.of()))).isEqualTo(7);
        assertThat(run(plan(List.of("/bin/sh", "-c", "kill -9 $$"), List.of()))).isEqualTo(128 + 9);
    }

    @Test
    void saysWhichStepWasRefusedAndWhy() throws Exception {
        assertThatThrownBy(() -> run(plan(List.of("/no/such/program"), List.of())))
                .isInstanceOf(NewProcess.RefusedException.class)
                .hasMessage("becoming program '/no/such/program': there is no such file or folder (error 2)");
        var long1 = "X=" + "x".repeat(140_000);
        assertThatThrownBy(() -> run(plan(List.of("/bin/true"), List.of(long1))))
                .hasMessage("becoming program '/bin/true': arguments and environment are too long together (error 7)");
    }

    @Test
    void endsWhatIsNotReleased() throws Exception {
        long pid;
        try (var process = NewProcess.begin(plan(List.of("/bin/sh", "-c", "echo wrong"), List.of()))) {
            pid = process.pid();
        }

        assertThat(ProcessTable.read(pid)).isEmpty();
        assertThat(output()).isEmpty();
    }

    @Test
    void startsManyAtOnce() throws Exception {
        var plan = plan(List.of("/bin/echo", "x"), List.of());
        var threads = java.util.stream.IntStream.range(0, 8)
                .mapToObj(_ -> java.util.concurrent.CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                int sum = 0;
                                for (int i = 0; i < 50; i++) {
                                    sum += run(plan);
                                }
                                return sum;
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> Thread.ofPlatform().start(task)))
                .toList();
        for (var one : threads) {
            assertThat(one.get(50, TimeUnit.SECONDS)).isZero();
        }
        assertThat(output()).hasSize(800);
    }
}
