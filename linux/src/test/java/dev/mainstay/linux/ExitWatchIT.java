package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExitWatchIT {
    @Test
    void tellsOfTheEndOfAProcessThatIsNoChild() throws Exception {
        var shell = new ProcessBuilder("sh", "-c", "setsid sleep 300 >/dev/null 2>&1 & echo $!").start();
        var pid = Long.parseLong(
                new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip());
        var ticks = ProcessTable.read(pid).orElseThrow().startTicks();
        try (var watch = new ExitWatch()) {
            var told = new CountDownLatch(1);
            watch.watch(pid, ticks, told::countDown);
            assertThat(told.getCount()).isEqualTo(1);
            Pidfd.open(pid, ticks).ifPresent(process -> {
                process.send(Signal.TERM);
                process.close();
            });

            assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void tellsAtOnceOfAProcessThatIsAnotherByNow() {
        var told = new CompletableFuture<Boolean>();
        try (var watch = new ExitWatch()) {
            watch.watch(ProcessHandle.current().pid(), 1, () -> told.complete(true));
        }

        assertThat(told).isCompletedWithValue(true);
    }

    @Test
    void sendsNothingToAnotherProcessOfThatPid() {
        assertThat(Pidfd.open(ProcessHandle.current().pid(), 1)).isEmpty();
    }
}
