package dev.mainstay.monitor.host;

import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.spi.TypeDescription;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The controls that are under way in this monitor: a limited number, each with a limit, each answered once.
///
/// **Threads:** any; none of them waits for an entry point but [#cancelOf], which waits for a short while.
final class ControlsUnderWay {
    /// Controls that may be under way at one time: each may hold a thread for as long as the deadlock timeout.
    static final int MAX = 128;

    private final Time time;
    private final Voice voice;
    private final Deadline deadline;
    private final Map<UnderWay, Boolean> underWay = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition oneEnded = lock.newCondition();

    ControlsUnderWay(Time time, Voice voice, Deadline deadline) {
        this.time = time;
        this.voice = voice;
        this.deadline = deadline;
    }

    /// What a control is addressed to.
    interface Addressed {
        /// Its type; empty when it is not known here.
        Optional<TypeDescription> description();

        /// Who calls its entry points.
        Caller caller();

        /// Asks the type, then lets the monitor answer; returns when the control has ended.
        void ask(ControlCall call);
    }

    /// Sends a control of the service and answers it.
    ///
    /// @param to what it is addressed to; empty when that is not here
    void take(ToMonitor.Control asked, Optional<? extends Addressed> to) {
        Told answer = (result, last) -> answer(asked.id(), result, last);
        var description = to.flatMap(Addressed::description);
        if (description.isEmpty()) {
            answer.of(
                    new ControlResult.Failed("control '%s': this monitor has no %s. Look where it is hosted."
                            .formatted(
                                    asked.code(),
                                    asked.resource().isEmpty()
                                            ? "type '%s'".formatted(asked.type())
                                            : "open resource '%s' with a known type".formatted(asked.resource()))),
                    false);
            return;
        }
        switch (ControlCodes.find(asked, description.get())) {
            case ControlCodes.Found.Refused(var result) -> answer.of(result, false);
            case ControlCodes.Found.Known(var control, var input) -> {
                var limit = Math.max(1, asked.limitMillis());
                start(
                        new Sending(control.code(), asked.resource(), input, limit, Optional.of(asked.id())),
                        to.get(),
                        answer);
            }
        }
    }

    /// Sends a control of the monitor itself to a resource.
    ///
    /// @param ended is told the result
    void send(
            String code,
            String resource,
            Map<String, List<String>> input,
            Addressed to,
            Consumer<ControlResult> ended) {
        start(
                new Sending(code, resource, input, to.caller().limitMillis(), Optional.empty()),
                to,
                (result, _) -> ended.accept(result));
    }

    /// @param id the service's name for it, if the service waits
    private record Sending(
            String code, String resource, Map<String, List<String>> input, long limitMillis, Optional<Long> id) {}

    /// Hears how a control ended.
    private interface Told {
        /// @param last whether the thread that tells it has nothing left to do
        void of(ControlResult result, boolean last);
    }

    private void start(Sending sending, Addressed to, Told ended) {
        var one = new UnderWay(sending, to, ended);
        underWay.put(one, true);
        if (underWay.size() > MAX) {
            underWay.remove(one);
            ended.of(
                    new ControlResult.Failed(
                            "control '%s': %d controls are under way in this monitor, more are not taken. Repeat it later."
                                    .formatted(sending.code(), MAX)),
                    false);
            return;
        }
        one.limit(sending.limitMillis());
        Thread.ofVirtual().name(sending.resource() + " " + sending.code()).start(() -> run(one, to));
    }

    private void run(UnderWay one, Addressed to) {
        one.runner = Thread.currentThread();
        try {
            to.ask(one.call);
        } finally {
            leave(one);
        }
    }

    private void leave(UnderWay one) {
        if (underWay.remove(one) != null) {
            one.unlimit();
            lock.lock();
            try {
                oneEnded.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void answer(long id, ControlResult result, boolean last) {
        var message = result.message(id);
        noteUnless(last ? voice.tellLast(message) : voice.tell(message), message);
    }

    private void noteUnless(boolean told, ToService message) {
        if (!told) {
            voice.log(Level.DEBUG, "", "%s: the service that waited for it is gone.".formatted(message));
        }
    }

    /// Nobody waits for the answers to the service's controls any more.
    void serviceLost() {
        underWay.keySet().stream()
                .filter(one -> one.sending.id().isPresent())
                .forEach(one -> one.giveUp("the cluster service that asked is gone"));
    }

    /// Cancels the controls of a resource that is about to be closed and waits for them a while: an interrupted
    /// work
    /// may have to clean up.
    ///
    /// @param graceMillis how long to wait at most, in milliseconds
    void cancelOf(String resource, long graceMillis) {
        if (resource.isEmpty() || of(resource).isEmpty()) {
            return;
        }
        of(resource).forEach(one -> one.giveUp("the resource is being closed"));
        long left = TimeUnit.MILLISECONDS.toNanos(graceMillis);
        lock.lock();
        try {
            while (!of(resource).isEmpty() && left > 0) {
                left = oneEnded.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private List<UnderWay> of(String resource) {
        return underWay.keySet().stream()
                .filter(one -> one.sending.resource().equals(resource))
                .toList();
    }

    /// One control and its limit.
    private final class UnderWay {
        private final Sending sending;
        private final ControlCall call;
        private final Caller caller;
        // Written once, by itself.
        private volatile @Nullable Thread runner;
        // Guarded by this.
        private Optional<Time.Timer> timer = Optional.empty();
        private boolean ended;

        UnderWay(Sending sending, Addressed to, Told told) {
            this.sending = sending;
            this.caller = to.caller();
            this.call = new ControlCall(
                    sending.code(), sending.input(), caller, true, this::extended, result -> ended(result, told));
        }

        /// Makes room before it is answered: whoever reads the answer may ask the next one. What was given up
        /// keeps its room until it has really ended.
        private void ended(ControlResult result, Told told) {
            if (!call.cancelled()) {
                leave(this);
            }
            told.of(result, Thread.currentThread().equals(runner));
        }

        private void extended(long millis) {
            limit(millis);
            sending.id().ifPresent(id -> {
                var message = new ToService.ControlExtended(id, millis);
                noteUnless(voice.tell(message), message);
            });
        }

        private synchronized void limit(long millis) {
            timer.ifPresent(Time.Timer::cancel);
            if (!ended) {
                timer = Optional.of(time.after(
                        millis, () -> giveUp("it did not end within %d ms. It is cancelled.".formatted(millis))));
            }
        }

        private synchronized void unlimit() {
            ended = true;
            timer.ifPresent(Time.Timer::cancel);
        }

        void giveUp(String why) {
            call.giveUp(
                    "control '%s': %s".formatted(sending.code(), why),
                    worker -> deadline.watch(worker, caller.called("cancelled control")));
        }
    }
}
