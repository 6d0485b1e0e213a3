package dev.mainstay.service.monitors;

import dev.mainstay.service.monitors.MonitorStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How a monitor is, as its keeper knows it.
///
/// **Threads:** written by the keeper's thread, read by any.
final class Standing {
    private final String monitor;
    private State state = State.STARTING;
    private Instant since = Instant.now();
    private Optional<Instant> startsAt = Optional.empty();
    private Optional<Ending> last = Optional.empty();
    private int crashes;
    private String trouble = "";

    Standing(String monitor) {
        this.monitor = monitor;
    }

    synchronized void is(State now) {
        if (state != now) {
            state = now;
            since = Instant.now();
        }
        startsAt = Optional.empty();
        if (now == State.READY) {
            trouble = "";
        }
    }

    /// Nothing is heard of it since then, though it is connected.
    synchronized void silent(Instant heardAt) {
        if (state == State.READY) {
            state = State.NOT_ANSWERING;
            since = heardAt;
        }
    }

    /// It is heard again.
    synchronized void answers() {
        if (state == State.NOT_ANSWERING) {
            is(State.READY);
        }
    }

    /// Whether nothing is to be started.
    synchronized boolean rests() {
        return state == State.ENDED;
    }

    synchronized void waits(Duration pause) {
        is(State.WAITING);
        startsAt = Optional.of(Instant.now().plus(pause));
    }

    synchronized void stuck(String what) {
        is(State.STUCK);
        trouble = what;
    }

    synchronized void notStarted(String why) {
        trouble = why;
    }

    /// Why it never connected, or empty.
    synchronized String trouble() {
        return state == State.STARTING || state == State.ENDING ? trouble : "";
    }

    /// The end of a start that led to no process.
    synchronized Optional<Ending> failedStart(Instant now) {
        return trouble.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ending(Ending.Kind.NOT_STARTED, 0, now, trouble, Optional.empty(), ""));
    }

    synchronized void ended(Optional<Ending> ending, int crashesNow) {
        if (ending.isPresent()) {
            last = ending;
        }
        if (state == State.STUCK) {
            trouble = "";
        }
        crashes = crashesNow;
    }

    synchronized MonitorStatus status(Optional<MonitorProcess> process, MonitorSetup wanted) {
        return new MonitorStatus(
                monitor,
                state,
                process.map(MonitorProcess::pid).orElse(0L),
                since,
                startsAt,
                process.map(MonitorProcess::debugPort).orElse(0),
                process.map(MonitorProcess::setup).orElse(wanted),
                process.map(MonitorProcess::limits).orElse(""),
                crashes,
                last,
                trouble);
    }
}
