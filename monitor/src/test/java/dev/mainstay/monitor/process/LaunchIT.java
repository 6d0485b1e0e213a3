package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What stands between the monitor and a program: nothing that changes, follows or keeps anything.
@Timeout(120)
class LaunchIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Path open = Path.of("/");
    private ProcessSupervisor supervisor = new ProcessSupervisor("unused");

    @BeforeEach
    void makeAFolderForEverybody() throws IOException {
        supervisor = new ProcessSupervisor(
                "launch-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName()));
        open = Files.createTempDirectory(Path.of("/tmp"), "ms-launch");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        processes("r").endAll();
        processes("other").endAll();
        supervisor.close();
        try (var files = Files.walk(open)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Processes processes(String resource) throws IOException {
        return supervisor.of(resource, Files.createDirectories(directory.resolve(resource)));
    }

    private Command command(List<String> line, Map<String, String> environment, String user, Path log) {
        return new Command(line, environment, user, directory.resolve("r"), log);
    }

    private String run(List<String> line, Map<String, String> environment) throws Exception {
        var processes = processes("r");
        return processes
                .run(command(line, environment, "", directory.resolve("r/output.log")), LIMIT)
                .output();
    }

    private Path script(String text) throws IOException {
        var file = Files.writeString(open.resolve("script"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void everyVariableArrivesWhateverItsName() throws Exception {
        var odd = Map.of(
                "discovery.type", "single-node",
                "xpack-security-enabled", "false",
                "record", "kept",
                "parent", "kept",
                "1", "grüß €\n日本語");

        var said = run(List.of("cat", "/proc/self/environ"), odd);

        odd.forEach((name, value) -> assertThat(("\0" + said)).contains("\0" + name + "=" + value + "\0"));
    }

    /// Each program that is loaded says once that it cannot load this.
    @Test
    void whatTheEnvironmentLoadsIsLoadedByTheProgramAlone() throws Exception {
        var said = run(List.of("/bin/true"), Map.of("LD_PRELOAD", "/no/such/library.so"));

        assertThat(said.lines().filter(line -> line.contains("/no/such/library.so")))
                .hasSize(1);
    }

    @Test
    void theProgramHasItsThreeDescriptorsAndNoOther() throws Exception {
        var said = run(
                List.of("/bin/sh", "-c", "ls /proc/$$/fd; umask; grep -E 'Sig(Blk|Ign)' /proc/$$/status"), Map.of());

        assertThat(said.lines().limit(3)).containsExactly("0", "1", "2");
        // the shell of this test opens one itself, for no file of ours
        assertThat(said).contains("SigIgn:\t0000000000000000").doesNotContain("\n9\n");
    }

    @Test
    void saysWhatIsWrongWithAnInterpreter() throws Exception {
        var missing = script("#!/no/such/python\n");
        assertThatThrownBy(() -> run(List.of(missing.toString()), Map.of()))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("names the interpreter '/no/such/python', which does not exist");
        var windows = script("#!/bin/sh\r\necho x\r\n");
        assertThatThrownBy(() -> run(List.of(windows.toString()), Map.of()))
                .hasMessageContaining("ends with a carriage return");
    }

    @Test
    void aTextWithoutAnInterpreterIsRunByTheShellAsEverywhere() throws Exception {
        assertThat(run(List.of(script("echo \"read by a shell: $1\"\n").toString(), "x"), Map.of()))
                .isEqualTo("read by a shell: x\n");
    }

    @Test
    void saysWhichWordIsTooLongForTheKernel() {
        assertThatThrownBy(() -> run(List.of("/bin/true", "x".repeat(131_072)), Map.of()))
                .hasMessageContaining("argument 1 is 131072 bytes long, and the kernel takes 131071");
        assertThatThrownBy(() -> run(List.of("/bin/true"), Map.of("BIG", "x".repeat(131_068))))
                .hasMessageContaining("environment variable 'BIG' is 131072 bytes long");
        assertThatThrownBy(() -> run(java.util.Collections.nCopies(100, "/bin/true" + "x".repeat(100_000)), Map.of()))
                .isInstanceOf(ResourceFailure.class);
    }

    @Test
    void aPipeThatNobodyReadsKeepsNobodyElse() throws Exception {
        var pipe = pipe();
        var waiting = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        processes("r").start(command(List.of("/bin/sleep", "300"), Map.of(), "", pipe));
                        return "started";
                    } catch (ResourceFailure | IOException e) {
                        return String.valueOf(e.getMessage());
                    }
                },
                task -> Thread.ofPlatform().start(task));

        var other = processes("other")
                .run(
                        new Command(List.of("/bin/echo", "x"), Map.of(), "", directory, directory.resolve("other/log")),
                        LIMIT);

        assertThat(other.output()).isEqualTo("x\n");
        assertThat(waiting.get(60, TimeUnit.SECONDS)).contains("is a named pipe that nobody has read for 5 s");
    }

    @Test
    void aPipeThatIsReadGetsTheOutput() throws Exception {
        var pipe = pipe();
        var reader = new ProcessBuilder("head", "-n", "1", pipe.toString()).start();
        try {
            processes("r").start(command(List.of("/bin/sh", "-c", "echo hello; exec sleep 300"), Map.of(), "", pipe));

            assertThat(reader.inputReader().readLine()).isEqualTo("hello");
        } finally {
            reader.destroyForcibly();
        }
    }

    private Path pipe() throws Exception {
        var pipe = open.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void aLogIsMadeWithTheRightsOfItsUserAndForNobodyElse() throws Exception {
        assumeTrue(ProcessTable.userId() == 0, "just root may become another user");
        var log = open.resolve("logs/web.log");

        processes("r").run(command(List.of("/bin/echo", "x"), Map.of(), "nobody", log), LIMIT);

        assertThat(Files.readString(log)).isEqualTo("x\n");
        assertThat(Files.getOwner(log).getName()).isEqualTo("nobody");
        assertThat(Files.getPosixFilePermissions(log))
                .doesNotContainAnyElementsOf(PosixFilePermissions.fromString("---rwxrwx"));
        var closed = directory.resolve("for-root-alone/web.log");
        assertThatThrownBy(() ->
                        processes("r").run(command(List.of("/bin/echo", "x"), Map.of(), "nobody", closed), LIMIT))
                .hasMessageContaining("cannot be written with the rights of 'nobody'");
    }

    @Test
    void noLinkIsFollowedThatSomebodyElsePutInTheWayOfALog() throws Exception {
        assumeTrue(ProcessTable.userId() == 0, "just root can be led astray");
        var precious = Files.writeString(directory.resolve("precious"), "kept");
        var link = Files.createSymbolicLink(open.resolve("web.log"), precious);
        for (var user : List.of("", "nobody")) {
            assertThatThrownBy(() ->
                            processes("r").run(command(List.of("/bin/echo", "x"), Map.of(), user, link), LIMIT))
                    .hasMessageContaining("symbolic link, which is not followed");
        }
        var way = Files.createSymbolicLink(open.resolve("way"), directory);
        assertThat(new ProcessBuilder("chown", "-h", "nobody", way.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> processes("r")
                        .run(command(List.of("/bin/echo", "x"), Map.of(), "", way.resolve("precious")), LIMIT))
                .hasMessageContaining("symbolic link of user");

        assertThat(Files.readString(precious)).isEqualTo("kept");
    }

    @Test
    void aLogThatIsTakenFromUnderItsProgramIsTold() throws Exception {
        var told = new CompletableFuture<String>();
        var log = open.resolve("web.log");
        var folder = Files.createDirectories(directory.resolve("r"));
        supervisor.of("r", folder, told::complete).start(command(List.of("/bin/sleep", "300"), Map.of(), "", log));

        Files.move(log, open.resolve("web.log.old"));

        assertThat(told.get(60, TimeUnit.SECONDS)).startsWith("log '" + log + "' was removed while its program runs");
    }

    @Test
    void anIgnoredSignalOfOurParentsIsNotIgnoredByPrograms() throws Exception {
        var running = processes("r")
                .start(command(List.of("/bin/sleep", "300"), Map.of(), "", directory.resolve("r/output.log")));
        var pid = running.identity().pid();
        Eventually.until("it sleeps", () -> ProcessTable.name(pid).equals("sleep"), () -> ProcessTable.name(pid));

        assertThat(ProcessTable.text(pid, "status").orElseThrow())
                .contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000");
    }
}
