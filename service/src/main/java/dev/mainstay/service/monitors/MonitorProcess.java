package dev.mainstay.service.monitors;

import dev.mainstay.linux.ControlGroups;
import dev.mainstay.linux.GivenLocale;
import dev.mainstay.linux.ProcessTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process of one monitor, from its start to the proof of its end.
///
/// @param session who it is
/// @param child the process, when this cluster service started it
/// @param outputFrom where its output begins
/// @param setup how it was started
/// @param debugPort where a debugger can be attached, or 0
/// @param limits which limits hold, in words
record MonitorProcess(
        Session session, @Nullable Process child, long outputFrom, MonitorSetup setup, int debugPort, String limits) {
    /// A process that ends by itself is gone this soon after its connection.
    static final Duration OWN_END_LIMIT = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(MonitorProcess.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(1);

    /// Starts one; it waits for a token on its standard input, see [#admit], and ends when that is closed, as
    /// it is when this service ends.
    ///
    /// @param directory the monitor's own folder
    static MonitorProcess start(String monitor, MonitorSetup setup, MonitorKeeper.Place place, Path directory)
            throws IOException {
        var output = new OutputFile(directory);
        output.shorten();
        long outputFrom = output.length();
        int debugPort = MonitorName.debugged(monitor).isPresent() ? freePort() : 0;
        var words = place.command()
                .words(new MonitorCommand.Instance(
                        place.socket(),
                        monitor,
                        place.scope(),
                        place.data().toAbsolutePath(),
                        place.hold(),
                        setup.heapBytes(),
                        debugPort));
        LOG.debug("start monitor '{}': {}", monitor, words);
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.path().toFile()));
        // what systemd tells this service is not meant for its monitors
        List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID").forEach(builder.environment()::remove);
        GivenLocale.utf8(builder.environment());
        var child = builder.start();
        var identity = RunningProcess.of(child.pid());
        if (identity.isEmpty()) {
            throw new IOException("it ended at once with exit code %d. Its last output: %s"
                    .formatted(exitCode(child), String.join(" | ", output.tail(outputFrom))));
        }
        var session = new Session(monitor, identity.get(), Session.secret());
        var limits = CpuAndMemory.limit(monitor, child.pid(), setup);
        return new MonitorProcess(session, child, outputFrom, setup, debugPort, limits);
    }

    /// One that was started by an earlier cluster service.
    static MonitorProcess takenUp(Session session) {
        var words = ProcessTable.commandLine(session.process().pid());
        long heap = numberAfter("-Xmx", words, MonitorSetup.USUAL.heapBytes());
        int port = (int) numberAfter(MonitorCommand.DEBUGGER, words, 0);
        return new MonitorProcess(
                session,
                null,
                0,
                new MonitorSetup(heap, 0),
                port,
                "heap at most %d MiB; others as an earlier cluster service set them".formatted(heap >> 20));
    }

    private static long numberAfter(String prefix, List<String> words, long otherwise) {
        return words.stream()
                .filter(word -> word.startsWith(prefix))
                .map(word -> word.substring(prefix.length()))
                .filter(number -> number.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(otherwise);
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /// Makes it the one that a cluster service started anew lets in.
    void keepSession(Path directory) throws IOException {
        try {
            session.writeTo(directory);
        } catch (IOException e) {
            // Nobody would know it: it would wait for its token for ever.
            kill();
            throw e;
        }
    }

    /// Hands it the token with which it introduces itself, once.
    void admit(String token) {
        var process = child;
        if (process == null) {
            return;
        }
        try (var stdin = process.getOutputStream()) {
            stdin.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ended) {
            LOG.debug("write the token of monitor '{}': {}", session.monitor(), ended.toString());
        }
    }

    long pid() {
        return session.process().pid();
    }

    boolean runs() {
        return RunningProcess.runs(session.process());
    }

    /// Waits for its end; false when it still runs after the limit.
    boolean awaitEnd(Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        while (runs()) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
        }
        return true;
    }

    void kill() {
        RunningProcess.kill(session.process());
    }

    /// Where in the kernel it is, when it does not end.
    String waitsIn() {
        return " (%s)".formatted(ProcessTable.standing(pid()));
    }

    /// How it ended, in words.
    String endInWords() {
        var process = child;
        if (process == null) {
            return "ended, how is not known: an earlier cluster service had started its process (pid %d)"
                    .formatted(pid());
        }
        int code = exitCode(process);
        // What a shell would show for a signal, too.
        return code > 128 ? "ended by signal %d".formatted(code - 128) : "ended with exit code %d".formatted(code);
    }

    /// Whose calls were under way when it ended.
    ///
    /// @param directory the monitor's own folder
    Suspects suspects(Path directory) {
        var process = child;
        var exit = process == null ? OptionalInt.empty() : OptionalInt.of(exitCode(process));
        return Suspects.of(directory, session.process(), exit);
    }

    /// Gives back what only this process needed; it must be dead. How one was set up by an earlier service is
    /// not known.
    void release() {
        if (child == null || !setup.equals(MonitorSetup.USUAL)) {
            CpuAndMemory.release(session.monitor(), ControlGroups.find());
        }
    }

    /// Whether it has ended in good order, as far as can be known.
    boolean endedWell() {
        var process = child;
        return process != null && exitCode(process) == 0;
    }

    private static int exitCode(Process process) {
        try {
            return process.waitFor(OWN_END_LIMIT.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /// The last lines it wrote.
    String lastOutput(Path directory) {
        try {
            return String.join(" | ", new OutputFile(directory).tail(outputFrom));
        } catch (IOException e) {
            return "(its output cannot be read: %s)".formatted(e);
        }
    }
}
