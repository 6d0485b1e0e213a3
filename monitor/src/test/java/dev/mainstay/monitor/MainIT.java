package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.link.ServiceEnd;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, started as the service starts it.
class MainIT {
    @TempDir
    Path directory;

    private Process start(String input, String... arguments) throws IOException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.mainstay.monitor.Main"));
        line.addAll(List.of(arguments));
        var process = new ProcessBuilder(line)
                .redirectError(directory.resolve("err").toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return process;
    }

    private Process startFor(ServiceEnd service) throws IOException {
        return start(
                "token\n",
                "--socket",
                service.socket().toString(),
                "--monitor",
                "default",
                "--scope",
                "test",
                "--directory",
                directory.resolve("m").toString(),
                "--hold",
                "20000");
    }

    @Test
    void explainsItselfWhenStartedByHand() throws Exception {
        var process = start("");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Main.USAGE);
        assertThat(Files.readString(directory.resolve("err"))).contains("started by the cluster service");
    }

    @Test
    void isReadyAfterItsGreetingAndStopsWhenToldTo() throws Exception {
        try (var service = new ServiceEnd()) {
            var process = startFor(service);
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
            var process = startFor(service);
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
            var process = startFor(service);
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
}
