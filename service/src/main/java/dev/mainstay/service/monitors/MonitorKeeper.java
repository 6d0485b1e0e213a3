package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Silence;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.service.monitors.MonitorStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that one monitor runs and is connected: takes up the one that still runs, or starts one; replaces
/// one that ends or whose connection ends. It rests while nobody needs the monitor.
///
/// **Threads:** [#run] on one thread for life; the others from any.
final class MonitorKeeper implements Runnable, MonitorLink.LastWords {
    /// A monitor that still runs tries to connect ten times a second; past this it will not any more.
    static final Duration REATTACH_LIMIT = Duration.ofSeconds(10);
    /// From start to Hello a monitor needs a third of a second; a starved machine much longer.
    static final Duration START_LIMIT = Duration.ofSeconds(30);
    /// A monitor that hosts nothing any more ends at once when it is told.
    static final Duration FAREWELL_LIMIT = Duration.ofSeconds(10);
    /// A process that was killed and is still there after this time waits in the kernel for something that does
    /// not come: on a starved machine the end takes a second or two.
    static final Duration KILL_LIMIT = Duration.ofSeconds(30);

    /// Connections in a row that may end with something unreadable: one is an accident, and a monitor that sends
    /// nothing else is of no use.
    static final int GARBLED_MAX = 5;

    private static final Logger LOG = LoggerFactory.getLogger(MonitorKeeper.class);

    private final String monitor;
    private final Place place;
    private final Admission admission;
    private final MonitorListener listener;
    private final Questions questions;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Arrivals arrivals;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final RestartDelay delay = new RestartDelay();
    private final Standing standing;
    // Wakes a keeper that pauses or rests; guards the wishes.
    private final Object wishes = new Object();
    private boolean needed = true;
    private boolean replace;
    // By the keeper's thread: the last process did not end in good order, what it hosted may still run.
    private boolean left;
    private int garbled;
    // Written by the keeper's thread, read by senders and by the API; the set-up by whoever needs the monitor.
    private volatile @Nullable MonitorLink link;
    private volatile @Nullable MonitorProcess process;
    private volatile MonitorSetup setup = MonitorSetup.USUAL;
    private final Successor successor;
    private final Listening listening;
    private final Removal removal;
    // Why it is not waited for any more, or empty; written by whoever gives it up.
    private volatile String givenUp = "";
    // Written by the thread of the connection.
    private volatile @Nullable Deadlocked deadlocked;

    /// Where monitors live and how they are started.
    ///
    /// @param data the data directory of the node
    /// @param killLimit how long a killed process may still be there before that is trouble
    record Place(
            Path socket,
            Path data,
            String scope,
            Duration hold,
            Silence.Rule silence,
            MonitorCommand command,
            Duration killLimit,
            LastResort lastResort) {}

    MonitorKeeper(
            String monitor,
            Place place,
            Admission admission,
            MonitorListener listener,
            ScheduledExecutorService alarm) {
        this.monitor = monitor;
        this.place = place;
        this.admission = admission;
        this.listener = listener;
        this.arrivals = new Arrivals(monitor, () -> stopping.getCount() == 0);
        this.questions = new Questions(monitor, alarm);
        this.standing = new Standing(monitor);
        this.successor = new Successor(monitor, place, directory());
        this.listening = new Listening(monitor, place.silence(), standing, listener, Effort::of);
        this.removal = new Removal(monitor, place, directory(), standing, listener, () -> stopping.getCount() == 0);
    }

    /// Lets a monitor that still runs connect again; returns whether there is one.
    ///
    /// **Order:** before the socket listens, or it would be turned away.
    boolean prepare() throws IOException {
        Files.createDirectories(directory());
        var kept = Session.readFrom(directory())
                .filter(one -> one.monitor().equals(monitor))
                .filter(one -> RunningProcess.runs(one.process()));
        kept.ifPresent(one -> {
            process = MonitorProcess.takenUp(one);
            admission.expect(new Admission.Expected(one, one.key(), false));
        });
        return kept.isPresent();
    }

    /// Whether a monitor ended while no cluster service ran, and not in good order: what it hosted may still
    /// run, and only a monitor of the same name takes care of what nobody wants any more.
    ///
    /// **Order:** after [#prepare], before [#run].
    boolean leftBehind() throws IOException {
        left = process == null
                && Session.readFrom(directory())
                        .filter(one -> one.monitor().equals(monitor) && RunningProcess.thisBoot(one.process()))
                        .isPresent();
        return left;
    }

    private Path directory() {
        return place.data().resolve(MonitorCommand.FOLDER).resolve(monitor);
    }

    /// The pid of the monitor's process, 0 while there is none.
    long pid() {
        var one = process;
        return one == null ? 0 : one.pid();
    }

    Questions questions() {
        return questions;
    }

    /// How it is now.
    MonitorStatus status() {
        return standing.status(Optional.ofNullable(process), setup);
    }

    /// Hands over a connection that was let in.
    void connected(MonitorSocket.Arrived arrived) {
        arrivals.connected(new MonitorLink(
                monitor, arrived.expected().fresh(), arrived.channel(), arrived.version(), place.silence()));
    }

    /// Sends a message; it never blocks. What is lost is sent again by whoever keeps orders level.
    ///
    /// @return false when the monitor is not connected
    boolean send(ToMonitor message) {
        var current = link;
        if (current == null) {
            return false;
        }
        current.send(message);
        return true;
    }

    /// Asks whether it is there, and gives it up when it has been silent for too long; to be called once in each
    /// period, on one thread.
    ///
    /// @param asks whether this service goes on itself
    void beat(boolean asks) {
        var current = link;
        var asked = process;
        if (current != null && asked != null) {
            listening.look(current, asked, asks, System.nanoTime()).ifPresent(why -> {
                givenUp = why;
                breakConnection();
            });
        }
    }

    /// The monitor is needed, set up like this when it is started next.
    void need(MonitorSetup wanted) {
        setup = wanted;
        synchronized (wishes) {
            if (!needed) {
                needed = true;
                wishes.notifyAll();
            }
        }
    }

    /// Nobody needs the monitor: it hosts nothing. It ends.
    void release() {
        synchronized (wishes) {
            if (!needed) {
                return;
            }
            needed = false;
            wishes.notifyAll();
        }
        if (!send(new ToMonitor.Stop("REQUESTED"))) {
            return;
        }
        var current = link;
        var _ = questions.later(FAREWELL_LIMIT, () -> {
            if (current != null && current.equals(link)) {
                current.close();
            }
        });
    }

    /// Whether its process has ended and nobody needs it.
    boolean rests() {
        synchronized (wishes) {
            return !needed && process == null && standing.rests();
        }
    }

    /// Kills the process and has it replaced at once.
    void replace() {
        synchronized (wishes) {
            replace = true;
            wishes.notifyAll();
        }
        var current = process;
        if (current != null) {
            current.kill();
        }
        // A process that cannot be killed does not end the connection.
        breakConnection();
    }

    void breakConnection() {
        var current = link;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void run() {
        try {
            while (stopping.getCount() > 0) {
                boolean stays = attend();
                if (stopping.getCount() > 0 && !stays) {
                    var ending = removeOld();
                    settle(ending);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            successor.dismiss();
            ended.countDown();
        }
    }

    /// Tells of the end and waits until the next process is due.
    private void settle(Optional<Ending> ending) throws InterruptedException {
        ending.ifPresent(one -> listener.gone(monitor, one));
        boolean causeRemoved = ending.flatMap(Ending::culprit)
                .filter(culprit -> !MonitorName.onlyResource(monitor).equals(Optional.of(culprit)))
                .isPresent();
        boolean crashed = ending.filter(Ending::isCrash).isPresent();
        var pause = crashed ? delay.afterCrash(System.nanoTime(), causeRemoved) : Duration.ZERO;
        standing.ended(ending, delay.crashes(System.nanoTime()));
        if (!pause.isZero()) {
            LOG.warn("monitor '{}' is started again in {} s", monitor, pause.toSeconds());
            successor.dismiss();
            standing.waits(pause);
        }
        var until = System.nanoTime() + pause.toNanos();
        synchronized (wishes) {
            if (replace) {
                replace = false;
                return;
            }
            // Whoever left something is started once more, needed or not, to end it.
            for (long rest = until - System.nanoTime();
                    stopping.getCount() > 0 && !replace && (rest > 0 || (!needed && !left));
                    rest = until - System.nanoTime()) {
                if (!needed && !left) {
                    standing.is(State.ENDED);
                    wishes.wait();
                } else {
                    wishes.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(rest)));
                }
            }
            replace = false;
        }
    }

    /// Brings one process to life and serves it until its connection ends; answers whether it lives on and may
    /// connect again: a lost connection takes nothing down.
    private boolean attend() throws InterruptedException {
        standing.is(State.STARTING);
        var begun = System.nanoTime();
        try {
            var running = process;
            boolean again = running != null;
            var arrived = await(running == null ? start() : running, again);
            if (arrived.isEmpty()) {
                return false;
            }
            link = arrived.get();
            standing.is(State.READY);
            dismissUnneeded(arrived.get());
            if (again) {
                LOG.info("monitor '{}' is connected again (pid {})", monitor, pid());
            } else {
                var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                LOG.info("monitor '{}' (pid {}) ready after {} ms", monitor, pid(), millis);
            }
            garbled = arrived.get().serve(listener, questions, this) ? garbled + 1 : 0;
            link = null;
            boolean stays = staysFor();
            questions.lost();
            listener.detached(monitor);
            return stays && !ended();
        } catch (IOException e) {
            LOG.error("start monitor '{}': {}", monitor, e.getMessage());
            standing.notStarted(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Lets the process of a lost connection connect again with its key, unless it was to end.
    private boolean staysFor() {
        var current = process;
        if (garbled >= GARBLED_MAX) {
            givenUp = "it sent something unreadable on %d connections in a row".formatted(garbled);
        }
        synchronized (wishes) {
            if (replace || !needed || current == null || stopping.getCount() == 0) {
                return false;
            }
        }
        if (deadlocked != null || !givenUp.isEmpty()) {
            return false;
        }
        admission.expect(
                new Admission.Expected(current.session(), current.session().key(), false));
        return true;
    }

    private boolean ended() throws InterruptedException {
        var current = process;
        return current == null || current.awaitEnd(MonitorProcess.OWN_END_LIMIT);
    }

    /// A monitor nobody needs was started to end what the one before left.
    private void dismissUnneeded(MonitorLink arrived) {
        synchronized (wishes) {
            if (needed) {
                return;
            }
        }
        arrived.send(new ToMonitor.Stop("REQUESTED"));
    }

    private MonitorProcess start() throws IOException {
        deadlocked = null;
        givenUp = "";
        garbled = 0;
        Files.createDirectories(directory());
        var fresh = successor.take(setup);
        fresh.keepSession(directory());
        process = fresh;
        var token = Session.secret();
        admission.expect(new Admission.Expected(fresh.session(), token, true));
        arrivals.expect(fresh);
        fresh.admit(token);
        return fresh;
    }

    @Override
    public void doomed(String why) {
        LOG.warn("monitor '{}' is about to end: {}. The next one is started meanwhile.", monitor, why);
        successor.start(setup);
    }

    @Override
    public void declared(Deadlocked what) {
        deadlocked = what;
        var current = process;
        if (current != null) {
            current.kill();
        }
        breakConnection();
    }

    /// Waits for the process to connect; empty when it is not to be waited for any more.
    private Optional<MonitorLink> await(MonitorProcess current, boolean again) throws InterruptedException {
        var limit = again ? REATTACH_LIMIT : START_LIMIT;
        return switch (arrivals.await(current, limit)) {
            case Arrivals.Outcome.Connected(var arrived) -> Optional.of(arrived);
            case Arrivals.Outcome.Ended _ -> {
                reportNotStarted("it " + current.endInWords());
                yield Optional.empty();
            }
            case Arrivals.Outcome.Late _ -> {
                if (again) {
                    givenUp = "its connection ended and it did not connect again within %d s (%s)"
                            .formatted(limit.toSeconds(), StillLife.inWords(current.pid()));
                } else if (stopping.getCount() > 0) {
                    reportNotStarted("it did not connect within %d s".formatted(limit.toSeconds()));
                }
                yield Optional.empty();
            }
        };
    }

    private void reportNotStarted(String what) {
        var current = process;
        var output = current == null ? "" : current.lastOutput(directory());
        var text = output.isEmpty() ? what : "%s; its last output: %s".formatted(what, output);
        LOG.error("start monitor '{}': {}", monitor, text);
        standing.notStarted(text);
    }

    /// Makes sure that the process of a lost connection is dead before the next one starts: two monitors must
    /// never host the same resources. Returns how it ended; nothing when there was no process.
    private Optional<Ending> removeOld() throws InterruptedException {
        admission.expectNobody(monitor);
        var old = process;
        if (old == null) {
            return standing.failedStart(Instant.now());
        }
        var ending = removal.of(old, why());
        successor.release(old);
        left = switch (ending.kind()) {
            case ENDED -> false;
            case REPLACED, CRASHED, DEADLOCKED -> true;
            case NOT_STARTED -> left;
        };
        process = null;
        deadlocked = null;
        if (!left) {
            Session.forget(monitor, directory());
        }
        return Optional.of(ending);
    }

    private Removal.Why why() {
        synchronized (wishes) {
            return new Removal.Why(replace, !needed, Optional.ofNullable(deadlocked), givenUp);
        }
    }

    /// Shortens the output file when it has grown too long.
    void shortenOutput() {
        OutputFile.shorten(monitor, directory());
    }

    /// Tells the monitor to take everything offline and to end; see [#awaitEnd].
    void stop(String reason) {
        send(new ToMonitor.Stop(reason));
        stopping.countDown();
        synchronized (wishes) {
            wishes.notifyAll();
        }
    }

    /// Waits until the process that was told to stop has ended.
    ///
    /// @return false when it goes on taking its resources offline at the limit
    boolean awaitEnd(long untilNanos) throws InterruptedException {
        var last = process;
        if (last != null && !last.awaitEnd(Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime())))) {
            detach();
            return false;
        }
        if (last != null) {
            last.release();
            if (last.endedWell()) {
                Session.forget(monitor, directory());
            }
        }
        ended.await(Math.max(1, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        return true;
    }

    /// Leaves the monitor running without a service.
    void detach() {
        stopping.countDown();
        synchronized (wishes) {
            wishes.notifyAll();
        }
        breakConnection();
    }
}
