package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Invented;
import dev.mainstay.monitor.link.ServiceEnd;
import dev.mainstay.monitor.process.ProcessSupervisor;
import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a service may say to a monitor, invented and damaged by chance with a fixed seed: the monitor lives, keeps
/// what it hosts and answers.
@Timeout(240)
class OrdersFuzzIT {
    private static final long SEED = 20261129;
    private static final int MESSAGES = 2_000;
    private static final int ASKED_EACH = 100;
    private static final int DAMAGED = 6;
    private static final long CALL_MILLIS = 60_000;
    private static final long MEMORY_MOST_KIB = 600 << 10;

    @TempDir
    Path directory;

    private final Random chance = new Random(SEED);
    private final Invented invented =
            new Invented(chance, List.of("hanging", "asking", "process", "other", "group", "get-name", "REQUESTED"));

    @Test
    void nothingThatAServiceSaysEndsTheMonitorOrTakesFromItWhatItHosts() throws Exception {
        var scope = "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName());
        try (var service = new ServiceEnd()) {
            var process = new MonitorProcess(directory.resolve("m")).startFor(service, scope);
            try {
                service.accept();
                welcome(service);
                service.send(new ToMonitor.Open(new ResourceSpec(
                        "web",
                        "group",
                        "hanging",
                        Map.of("in", List.of("")),
                        List.of(),
                        5_000,
                        60_000,
                        60_000,
                        300_000,
                        1)));
                service.send(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
                service.read(ToService.Report.class, report -> report.held().state() == HeldState.ONLINE);

                for (int i = 1; i <= MESSAGES; i++) {
                    service.send(message());
                    if (i % ASKED_EACH == 0) {
                        stillHosts(service);
                    }
                }
                for (int i = 0; i < DAMAGED; i++) {
                    service.sendBytes(damaged());
                    service.closeConnection();
                    assertThat(service.accept().process().pid()).isEqualTo(process.pid());
                    welcome(service);
                    stillHosts(service);
                }

                assertThat(process.isAlive()).isTrue();
                assertThat(highestMemoryKib(process.pid())).isLessThan(MEMORY_MOST_KIB);
            } catch (Throwable trouble) {
                var end = process.waitFor(2, TimeUnit.SECONDS) ? "it ended with " + process.exitValue() : "it lives";
                trouble.addSuppressed(new AssertionError(end + "\n" + Files.readString(directory.resolve("err"))));
                throw trouble;
            } finally {
                process.destroyForcibly();
            }
        } finally {
            try (var supervisor = new ProcessSupervisor(scope)) {
                supervisor.of("web", directory.resolve("data/resources/web")).endAll();
            }
        }
    }

    private static void welcome(ServiceEnd service) throws Exception {
        service.send(new ToMonitor.Welcome(2, "key", 600_000));
        service.read(ToService.Inventory.class, _ -> true);
    }

    private ToMonitor message() {
        while (true) {
            var message = invented.of(ToMonitor.class);
            if (!isAnOrderToEnd(message)) {
                return message;
            }
        }
    }

    /// What says that the process or the connection ends soon is obeyed.
    private static boolean isAnOrderToEnd(ToMonitor message) {
        return switch (message) {
            case ToMonitor.Stop _, ToMonitor.Beat _ -> true;
            case ToMonitor.Open open ->
                open.spec().deadlockTimeoutMillis() > 0 && open.spec().deadlockTimeoutMillis() < CALL_MILLIS;
            default -> false;
        };
    }

    private void stillHosts(ServiceEnd service) throws Exception {
        service.send(new ToMonitor.Beat(1, 1_000, 600_000));
        service.send(new ToMonitor.Ask());
        var told = service.read(
                ToService.Inventory.class,
                inventory ->
                        inventory.held().stream().anyMatch(one -> one.resource().equals("web")));
        assertThat(told.held()).anyMatch(one -> one.resource().equals("web") && one.state() == HeldState.ONLINE);
    }

    private byte[] damaged() {
        var bytes = Frames.frame(ToMonitor.class, message()).array();
        for (int i = 0; i < 4; i++) {
            bytes[chance.nextInt(Math.min(bytes.length, 64))] ^= (byte) (1 << chance.nextInt(8));
        }
        return chance.nextBoolean() ? bytes : Arrays.copyOf(bytes, chance.nextInt(bytes.length));
    }

    private static long highestMemoryKib(long pid) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
