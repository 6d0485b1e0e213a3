package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.link.ServiceEnd;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, started as the service starts it.
class MainIT {
    @TempDir
    Path directory;

    private MonitorProcess monitor() {
        return new MonitorProcess(directory.resolve("m"));
    }

    @Test
    void explainsItselfWhenStartedByHand() throws Exception {
        var process = monitor().start("");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Main.USAGE);
        assertThat(Files.readString(directory.resolve("err"))).contains("started by the cluster service");
    }

    @Test
    void isReadyAfterItsGreetingAndStopsWhenToldTo() throws Exception {
        try (var service = new ServiceEnd()) {
            var process = monitor().startFor(service, "test");
            try {
                assertThat(service.accept().process().pid()).isEqualTo(process.pid());
                service.send(new ToMonitor.Welcome(1, "key", 20_000));
                service.read(ToService.Inventory.class, _ -> true);
                service.send(new ToMonitor.Stop("SHUTDOWN"));

                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(Main.ENDED);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void endsWhenItIsRefused() throws Exception {
        try (var service = new ServiceEnd()) {
            var process = monitor().startFor(service, "test");
            try {
                service.accept();
                service.send(new ToMonitor.Refused("not my token"));

                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(Main.NOT_ACCEPTED);
                assertThat(Files.readString(directory.resolve("err"))).contains("not my token");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void endsInOrderOnTerm() throws Exception {
        try (var service = new ServiceEnd()) {
            var process = monitor().startFor(service, "test");
            try {
                service.accept();
                service.send(new ToMonitor.Welcome(1, "key", 20_000));
                service.read(ToService.Inventory.class, _ -> true);
                process.destroy();

                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /// The service may have lost what it remembers of a monitor that still runs.
    @Test
    void leavesTheResourcesToAnotherMonitorOfTheSameFolder() throws Exception {
        try (var service = new ServiceEnd()) {
            var first = monitor().startFor(service, "test");
            try {
                service.accept();
                service.send(new ToMonitor.Welcome(1, "key", 20_000));
                service.read(ToService.Inventory.class, _ -> true);

                var second = monitor().startFor(service, "test");

                assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(second.exitValue()).isEqualTo(Main.NOT_ACCEPTED);
                assertThat(Files.readString(directory.resolve("err"))).contains("another monitor uses it");
                assertThat(first.isAlive()).isTrue();
            } finally {
                first.destroyForcibly();
            }
        }
    }
}
