package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToMonitor;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that one monitor runs and is connected: takes up the one that still runs, or starts one; replaces
/// one that ends or whose connection ends.
///
/// **Threads:** [#run] on one thread for life; [#connected], [#send], [#stop] from any.
final class MonitorKeeper implements Runnable {
    /// A monitor that still runs tries to connect ten times a second; past this it will not any more.
    static final Duration REATTACH_LIMIT = Duration.ofSeconds(10);
    /// From start to Hello a monitor needs a third of a second; a starved machine much longer.
    static final Duration START_LIMIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(MonitorKeeper.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

    private final String monitor;
    private final Place place;
    private final Admission admission;
    private final MonitorListener listener;
    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(16);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final RestartDelay delay = new RestartDelay();
    // Written by the keeper's thread, read by senders and by the API.
    private volatile @Nullable MonitorLink link;
    private volatile @Nullable Session session;
    private long outputFrom;
    private long startedAt;
    // The process started last, by the keeper's thread.
    private @Nullable Process started;

    /// Where monitors live and how they are started.
    ///
    /// @param data the data directory of the node
    record Place(Path socket, Path data, String scope, Duration hold, MonitorCommand command) {}

    private sealed interface Arrival {
        /// The monitor connected.
        record Connected(MonitorLink link) implements Arrival {}

        /// The process started last ended before.
        record Ended(Process process) implements Arrival {}
    }

    MonitorKeeper(String monitor, Place place, Admission admission, MonitorListener listener) {
        this.monitor = monitor;
        this.place = place;
        this.admission = admission;
        this.listener = listener;
    }

    /// Lets a monitor that still runs connect again.
    ///
    /// **Order:** before the socket listens, or it would be turned away.
    void prepare() throws IOException {
        Files.createDirectories(directory());
        Session.readFrom(directory())
                .filter(kept -> kept.monitor().equals(monitor))
                .filter(kept -> RunningProcess.runs(kept.process()))
                .ifPresent(kept -> {
                    session = kept;
                    admission.expect(new Admission.Expected(kept, kept.key(), false));
                });
    }

    private Path directory() {
        return place.data().resolve(MonitorCommand.FOLDER).resolve(monitor);
    }

    /// The pid of the monitor's process, 0 while there is none.
    long pid() {
        var one = session;
        return one == null ? 0 : one.process().pid();
    }

    /// Hands over a connection that was let in.
    void connected(Admission.Expected expected, SocketChannel channel) {
        var fresh = new MonitorLink(monitor, expected.fresh(), channel);
        if (!arrivals.offer(new Arrival.Connected(fresh))) {
            fresh.close();
        }
    }

    /// Sends a message, if the monitor is connected; it never blocks. What is lost is sent again by whoever keeps
    /// orders level.
    void send(ToMonitor message) {
        var current = link;
        if (current != null) {
            current.send(message);
        }
    }

    @Override
    public void run() {
        try {
            while (stopping.getCount() > 0) {
                var began = System.nanoTime();
                boolean served = attend();
                if (stopping.getCount() == 0) {
                    break;
                }
                removeOld();
                var lasted = served ? Duration.ofNanos(System.nanoTime() - began) : Duration.ZERO;
                var wait = delay.afterEnd(lasted);
                if (!wait.isZero()) {
                    LOG.warn("monitor '{}' is started again in {} s", monitor, wait.toSeconds());
                }
                stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /// Brings one monitor to life and serves it to its end; false when it never connected.
    private boolean attend() throws InterruptedException {
        try {
            boolean again = session != null;
            if (!again) {
                start();
            }
            var arrived = await(again ? REATTACH_LIMIT : START_LIMIT);
            if (arrived.isEmpty()) {
                return false;
            }
            link = arrived.get();
            if (again) {
                LOG.info("monitor '{}' is connected again (pid {})", monitor, pid());
            } else {
                LOG.info(
                        "monitor '{}' (pid {}) ready after {} ms",
                        monitor,
                        pid(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
            }
            arrived.get().serve(listener);
            link = null;
            listener.detached(monitor);
            if (stopping.getCount() > 0) {
                LOG.warn("monitor '{}' (pid {}) is gone. It is replaced.", monitor, pid());
            }
            return true;
        } catch (IOException e) {
            LOG.error("start monitor '{}': {}", monitor, e.getMessage());
            return false;
        }
    }

    private void start() throws IOException {
        var output = new OutputFile(directory());
        output.shorten();
        outputFrom = output.length();
        arrivals.clear();
        var words = place.command()
                .words(place.socket(), monitor, place.scope(), place.data().toAbsolutePath(), place.hold());
        LOG.debug("start monitor '{}': {}", monitor, words);
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.path().toFile()));
        builder.environment().remove("NOTIFY_SOCKET");
        startedAt = System.nanoTime();
        var process = builder.start();
        started = process;
        var identity = RunningProcess.of(process.pid());
        if (identity.isEmpty()) {
            arrivals.add(new Arrival.Ended(process));
            return;
        }
        var fresh = new Session(monitor, identity.get(), Session.secret());
        try {
            fresh.writeTo(directory());
        } catch (IOException e) {
            // Nobody would know it: it would wait for its token for ever.
            process.destroyForcibly();
            throw e;
        }
        session = fresh;
        var token = Session.secret();
        admission.expect(new Admission.Expected(fresh, token, true));
        var _ = process.onExit().thenAccept(exited -> arrivals.offer(new Arrival.Ended(exited)));
        try (var stdin = process.getOutputStream()) {
            stdin.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ended) {
            LOG.debug("write the token of monitor '{}': {}", monitor, ended.toString());
        }
    }

    private Optional<MonitorLink> await(Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < until && stopping.getCount() > 0) {
            switch (arrivals.poll(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                case Arrival.Connected(var arrived) -> {
                    return Optional.of(arrived);
                }
                case Arrival.Ended(var process)
                when !process.equals(started) -> {
                    LOG.debug("monitor '{}': the one before (pid {}) has ended", monitor, process.pid());
                }
                case Arrival.Ended(var process) -> {
                    reportNotStarted("it ended with exit code %d".formatted(process.exitValue()));
                    return Optional.empty();
                }
                case null -> {
                    var expected = session;
                    if (expected != null && !RunningProcess.runs(expected.process()) && arrivals.isEmpty()) {
                        reportNotStarted("its process (pid %d) ended before it connected".formatted(pid()));
                        return Optional.empty();
                    }
                }
            }
        }
        if (stopping.getCount() > 0) {
            reportNotStarted("it did not connect within %d s".formatted(limit.toSeconds()));
        }
        return Optional.empty();
    }

    private void reportNotStarted(String what) {
        var output = new OutputFile(directory());
        try {
            LOG.error(
                    "start monitor '{}': {}. Its last output ({}): {}",
                    monitor,
                    what,
                    output.path(),
                    String.join(" | ", output.tail(outputFrom)));
        } catch (IOException e) {
            LOG.error("start monitor '{}': {}. Its output cannot be read: {}", monitor, what, e.toString());
        }
    }

    /// Makes sure that the process of a lost connection is dead before the next one starts: two monitors must
    /// never host the same resources.
    private void removeOld() throws InterruptedException {
        admission.expectNobody(monitor);
        var old = session;
        if (old == null) {
            return;
        }
        RunningProcess.kill(old.process());
        while (RunningProcess.runs(old.process())) {
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
        }
        session = null;
        forget();
    }

    private void forget() {
        try {
            Session.removeFrom(directory());
        } catch (IOException e) {
            LOG.warn("remove the session file of monitor '{}': {}", monitor, e.toString());
        }
    }

    /// Shortens the output file when it has grown too long.
    void shortenOutput() {
        try {
            new OutputFile(directory()).shorten();
        } catch (IOException e) {
            LOG.warn("shorten the output file of monitor '{}': {}", monitor, e.toString());
        }
    }

    /// Tells the monitor to take everything offline and to end, and waits for that.
    ///
    /// @return whether its process has ended within the limit; otherwise it goes on taking its resources offline
    boolean stop(String reason, Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        send(new ToMonitor.Stop(reason));
        stopping.countDown();
        var last = session;
        while (last != null && RunningProcess.runs(last.process())) {
            if (System.nanoTime() > until) {
                detach();
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
        }
        forget();
        ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    /// Leaves the monitor running without a service.
    void detach() {
        stopping.countDown();
        var current = link;
        if (current != null) {
            current.close();
        }
    }
}
