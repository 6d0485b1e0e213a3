package dev.mainstay.monitor.process;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What [OrdinaryUserIT] runs as a user without any rights; prints what it finds.
final class OrdinaryUserProgram {
    private OrdinaryUserProgram() {}

    public static void main(String[] arguments) throws Exception {
        var directory = Path.of(arguments[0]);
        try (var supervisor =
                new ProcessSupervisor("ordinary/" + ProcessHandle.current().pid())) {
            var processes = supervisor.of("r", directory);
            var tree = "setsid sleep 300 & echo $! >>pids; echo $$ >>pids; wait";
            var running = processes.start(command(directory, "", "sh", "-c", tree));
            var pids = directory.resolve("pids");
            Eventually.until(
                    "both pids are written",
                    () -> Files.exists(pids) && linesOf(pids).size() == 2,
                    () -> Files.exists(pids));
            var adopted = processes.adopt(running.adoption()).orElseThrow();
            System.out.println("alive " + adopted.alive());
            adopted.kill();
            System.out.println("left "
                    + linesOf(pids).stream()
                            .filter(pid -> ProcessTable.read(Long.parseLong(pid))
                                    .filter(ProcessTable.Entry::alive)
                                    .isPresent())
                            .count());
            try {
                processes.start(command(directory, "root", "id"));
            } catch (ResourceFailure refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private static Command command(Path directory, String user, String... line) {
        return new Command(List.of(line), Map.of(), user, directory, directory.resolve("output.log"));
    }

    private static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
