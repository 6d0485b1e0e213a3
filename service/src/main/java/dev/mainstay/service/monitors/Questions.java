package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Measures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What was asked of one monitor and is not answered yet; each question is answered within its time, however the
/// monitor fares.
///
/// **Threads:** any.
final class Questions {
    /// Questions that may wait for one monitor; more are answered as failed.
    static final int WAITING_MAX = 1_000;

    private final String monitor;
    private final ScheduledExecutorService alarm;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

    /// A question and who waits for its answer.
    private sealed interface Waiting {
        void late(Duration limit);

        void lost(String why);

        record Control(CompletableFuture<ControlDone> answer, long id, Alarm alarm) implements Waiting {
            @Override
            public void late(Duration limit) {
                fail("no answer within %d ms".formatted(limit.toMillis()));
            }

            @Override
            public void lost(String why) {
                fail(why);
            }

            private void fail(String why) {
                answer.complete(new ControlDone(id, Result.FAILED, Map.of(), why));
            }
        }

        record Told(CompletableFuture<Boolean> there) implements Waiting {
            @Override
            public void late(Duration limit) {
                there.complete(true);
            }

            @Override
            public void lost(String why) {
                there.complete(false);
            }
        }

        record Asked(CompletableFuture<Measures> answer) implements Waiting {
            @Override
            public void late(Duration limit) {
                answer.completeExceptionally(
                        new TimeoutException("no answer within %d ms".formatted(limit.toMillis())));
            }

            @Override
            public void lost(String why) {
                answer.completeExceptionally(new IllegalStateException(why));
            }
        }
    }

    /// The end of the time of one question, which may be put off.
    private static final class Alarm {
        private @Nullable ScheduledFuture<?> set;

        synchronized void set(ScheduledFuture<?> next) {
            cancel();
            set = next;
        }

        synchronized void cancel() {
            if (set != null) {
                set.cancel(false);
            }
        }
    }

    Questions(String monitor, ScheduledExecutorService alarm) {
        this.monitor = monitor;
        this.alarm = alarm;
    }

    /// Asks a control.
    ///
    /// @param send sends the message with this number; false when the monitor is not connected
    CompletableFuture<ControlDone> control(Duration limit, LongFunction<Boolean> send) {
        long id = numbers.incrementAndGet();
        var answer = new CompletableFuture<ControlDone>();
        var limitAlarm = new Alarm();
        ask(id, new Waiting.Control(answer, id, limitAlarm), limitAlarm, limit, send);
        return answer;
    }

    /// Has something told; answers whether the monitor was there until it answered, or until the limit.
    CompletableFuture<Boolean> notice(Duration limit, LongFunction<Boolean> send) {
        long id = numbers.incrementAndGet();
        var there = new CompletableFuture<Boolean>();
        ask(id, new Waiting.Told(there), new Alarm(), limit, send);
        return there;
    }

    /// Asks what it measured.
    CompletableFuture<Measures> measures(Duration limit, LongFunction<Boolean> send) {
        long id = numbers.incrementAndGet();
        var answer = new CompletableFuture<Measures>();
        ask(id, new Waiting.Asked(answer), new Alarm(), limit, send);
        return answer;
    }

    private void ask(long id, Waiting one, Alarm limitAlarm, Duration limit, LongFunction<Boolean> send) {
        if (waiting.size() >= WAITING_MAX) {
            one.lost("%d questions wait for monitor '%s' already".formatted(WAITING_MAX, monitor));
            return;
        }
        waiting.put(id, one);
        setAlarm(id, limitAlarm, limit);
        if (!send.apply(id)) {
            lose(id, "monitor '%s' is not connected".formatted(monitor));
        }
    }

    private void setAlarm(long id, Alarm limitAlarm, Duration limit) {
        limitAlarm.set(alarm.schedule(
                () -> {
                    var one = waiting.remove(id);
                    if (one != null) {
                        one.late(limit);
                    }
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    private void lose(long id, String why) {
        var one = waiting.remove(id);
        if (one != null) {
            one.lost(why);
        }
    }

    /// A control is answered; false when nobody waits for it.
    boolean answered(ControlDone done) {
        return switch (waiting.remove(done.id())) {
            case Waiting.Control control -> {
                control.alarm().cancel();
                yield control.answer().complete(done);
            }
            case Waiting.Told told -> told.there().complete(true);
            case Waiting.Asked _ -> false;
            case null -> false;
        };
    }

    /// A control takes longer.
    void extended(long id, Duration limit) {
        if (waiting.get(id) instanceof Waiting.Control control) {
            setAlarm(id, control.alarm(), limit);
        }
    }

    /// Measures arrived; false when nobody waits for them.
    boolean answered(Measures measures) {
        return waiting.remove(measures.id()) instanceof Waiting.Asked asked
                && asked.answer().complete(measures);
    }

    /// The monitor is no longer connected: no answer comes any more.
    void lost() {
        List.copyOf(waiting.keySet())
                .forEach(id -> lose(id, "monitor '%s' ended before it answered".formatted(monitor)));
    }

    /// Does something later, unless the service ends before.
    ScheduledFuture<?> later(Duration pause, Runnable what) {
        return alarm.schedule(what, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The message that asks a control.
    static ToMonitor message(
            long id, String resource, String type, String code, Map<String, List<String>> input, Duration limit) {
        return new ToMonitor.Control(id, resource, type, code, input, limit.toMillis());
    }
}
