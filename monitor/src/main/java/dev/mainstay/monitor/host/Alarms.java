package dev.mainstay.monitor.host;

import dev.mainstay.monitor.host.Mailbox.Ticket;
import dev.mainstay.monitor.step.Effect.Alarm;
import dev.mainstay.monitor.step.ResourceEvent;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The timers of one resource; each posts its event to the resource's mailbox.
///
/// Checks of several resources are planned for the same moments and share a thread; what lasted the last time gets
/// one of its own.
///
/// **Threads:** the resource's mailbox.
final class Alarms {
    /// How soon a timer that found no room in the mailbox rings again, in milliseconds.
    private static final long RING_AGAIN_MILLIS = 100;

    /// Checks at such a distance or a longer one fall due together with others, in nanoseconds: half a step of the
    /// timers' grid is little of it.
    private static final long TOGETHER_NANOS = 200_000_000;

    private final Time time;
    private final Measures measures;
    private final Mailbox mailbox;
    private final Map<Alarm, Ringing> armed = new EnumMap<>(Alarm.class);
    private final Set<Alarm> lasting = ConcurrentHashMap.newKeySet();

    /// An alarm that is armed: the task of its timer and the ticket of its event in one, since tens of thousands
    /// wait.
    private final class Ringing extends Ticket implements Runnable {
        private final Alarm alarm;
        private final long plannedNanos;
        private Time.@Nullable Timer timer;

        Ringing(Alarm alarm, long plannedNanos) {
            this.alarm = alarm;
            this.plannedNanos = plannedNanos;
        }

        @Override
        public void run() {
            switch (alarm) {
                case LOOKS_ALIVE, IS_ALIVE, RECHECK -> check(this);
                case PENDING, CANCEL -> ring(this);
            }
        }
    }

    Alarms(Time time, Measures measures, Mailbox mailbox) {
        this.time = time;
        this.measures = measures;
        this.mailbox = mailbox;
    }

    /// Arms an alarm, in place of the one of its kind that may be armed.
    void arm(Alarm alarm, long delayMillis) {
        var before = armed.get(alarm);
        disarm(alarm);
        long delay = TimeUnit.MILLISECONDS.toNanos(delayMillis);
        long now = time.nanos();
        switch (alarm) {
            case LOOKS_ALIVE, IS_ALIVE, RECHECK -> {
                var ringing = new Ringing(alarm, planned(before, now, delay));
                ringing.timer = time.check(ringing.plannedNanos, ringing);
                armed.put(alarm, ringing);
            }
            case PENDING, CANCEL -> {
                var ringing = new Ringing(alarm, now + delay);
                ringing.timer = time.after(delayMillis, ringing);
                armed.put(alarm, ringing);
            }
        }
    }

    /// Checks are planned by when the one before was planned, so that their distance is that of the settings
    /// however long they last; after one that lasted half of it, there is a whole one of rest.
    private long planned(@Nullable Ringing before, long now, long delay) {
        if (delay < TOGETHER_NANOS) {
            return now + delay;
        }
        long next = (before == null ? now : Math.min(now, before.plannedNanos)) + delay;
        return time.together(next - now < delay / 2 ? now + delay : next);
    }

    /// Disarms the alarm of a kind, if it is armed.
    void disarm(Alarm alarm) {
        var ringing = armed.remove(alarm);
        if (ringing != null) {
            ringing.cancel();
            if (ringing.timer != null) {
                ringing.timer.cancel();
            }
        }
    }

    void disarmAll() {
        for (var alarm : Alarm.values()) {
            disarm(alarm);
        }
    }

    private void ring(Ringing ringing) {
        if (ringing.isValid() && !mailbox.post(rung(ringing.alarm), ringing)) {
            again(() -> ring(ringing));
        }
    }

    /// Makes a check on this thread, which is shared with other resources, unless it lasted the last time.
    private void check(Ringing ringing) {
        if (!ringing.isValid()) {
            return;
        }
        if (lasting.contains(ringing.alarm)) {
            Thread.ofVirtual().start(() -> timed(ringing));
        } else {
            timed(ringing);
        }
    }

    private void timed(Ringing ringing) {
        long began = time.nanos();
        if (!mailbox.post(rung(ringing.alarm), ringing, Runnable::run)) {
            again(() -> Thread.ofVirtual().start(ringing));
        }
        if (time.nanos() - began >= Rounds.LASTING_NANOS) {
            lasting.add(ringing.alarm);
        } else {
            lasting.remove(ringing.alarm);
        }
    }

    /// Orders that find no room come again by themselves, timers do not.
    private void again(Runnable ring) {
        time.after(RING_AGAIN_MILLIS, ring);
    }

    private static ResourceEvent rung(Alarm alarm) {
        return switch (alarm) {
            case PENDING -> new ResourceEvent.PendingTimedOut();
            case CANCEL -> new ResourceEvent.CancelTimedOut();
            case LOOKS_ALIVE -> new ResourceEvent.LooksAliveDue();
            case IS_ALIVE -> new ResourceEvent.IsAliveDue();
            case RECHECK -> new ResourceEvent.RecheckDue();
        };
    }

    /// Measures by how much a check that begins now is later than planned.
    void began(Alarm check) {
        var ringing = armed.get(check);
        if (ringing != null) {
            long late = time.nanos() - ringing.plannedNanos;
            if (late >= 0) {
                measures.polled(TimeUnit.NANOSECONDS.toMicros(late));
            }
        }
    }
}
