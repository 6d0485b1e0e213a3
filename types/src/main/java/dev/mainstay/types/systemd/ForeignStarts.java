package dev.mainstay.types.systemd;

import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/// Starts of a unit by somebody else than the cluster, while the cluster has it at rest.
///
/// The drop-in makes systemd refuse them. One that happens all the same, because somebody took the drop-in away,
/// is told to the monitor, which terminates the unit.
///
/// **Threads:** any; systemd is asked on a thread of its own, of which there is one at most.
final class ForeignStarts {
    /// While the monitor is busy with the resource it takes no notice: it is told again until the unit is at rest.
    private static final Duration TELL_AGAIN = Duration.ofSeconds(1);

    /// What the contract allows.
    private static final int PUBLISHED_MAX = 1024;

    private final ResourceContext context;
    private final Unit unit;
    private final Dropin dropin;
    /// How often a look was asked for since the one that began last; whoever counts from 0 makes it.
    private final AtomicInteger asked = new AtomicInteger();
    // written by operations, read by the look: a stale value costs another look
    private volatile boolean resting;

    ForeignStarts(ResourceContext context, Unit unit, Dropin dropin) {
        this.context = context;
        this.unit = unit;
        this.dropin = dropin;
    }

    /// Says whether the cluster has the unit at rest from now on; what began just before is looked for.
    void atRest(boolean now) {
        resting = now;
        if (now) {
            lookSoon();
        }
    }

    /// @param active the unit's new ActiveState, empty when it must be asked for
    void changed(String active) {
        if (resting && !UnitState.atRest(active)) {
            lookSoon();
        }
    }

    /// Tells of what ran before the resource was opened, unless an earlier monitor started it.
    void foundAtOpen(UnitState now) throws Bus.Lost {
        var words = "%s was %s before the cluster started it%s; it is killed"
                .formatted(unit.name(), now.words(), pulledIn());
        if (context.recovered().isEmpty()) {
            context.signalFailure(FailureKind.FOREIGN_START, words);
        }
        context.logger().log(Level.WARNING, "{0}", words);
    }

    /// Says which units start it: where there is no drop-in, on other nodes and after a boot, they will.
    void warn() throws Bus.Lost {
        var names = String.join(", ", unit.pulledInBy());
        if (!names.isEmpty()) {
            context.publish("pulledInBy", names.substring(0, Math.min(names.length(), PUBLISHED_MAX)));
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0} is pulled in by {1}: where the cluster does not have it, on other nodes and early at"
                                    + " boot, they start it. Disable them or take it out of them",
                            unit.name(),
                            names);
        }
    }

    private String pulledIn() throws Bus.Lost {
        var names = unit.pulledInBy();
        return names.isEmpty() ? "" : ", pulled in by " + String.join(", ", names);
    }

    private void lookSoon() {
        if (asked.getAndIncrement() == 0) {
            Thread.ofVirtual().name(context.resource() + " foreign starts").start(this::lookUntilRest);
        }
    }

    private void lookUntilRest() {
        int before;
        do {
            before = asked.get();
            try {
                while (resting && tellIfItRuns()) {
                    Thread.sleep(TELL_AGAIN);
                }
            } catch (Bus.Lost | DBusExecutionException away) {
                // whoever watches is told when the bus is back
                context.logger().log(Level.DEBUG, "{0}: {1}", unit.name(), away.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                asked.set(0);
                return;
            }
        } while (!asked.compareAndSet(before, 0));
    }

    private boolean tellIfItRuns() throws Bus.Lost {
        var now = unit.state();
        if (now.atRest() || !resting) {
            return false;
        }
        keepOut();
        context.signalFailure(
                FailureKind.FOREIGN_START,
                "%s is %s%s, invocation %s".formatted(unit.name(), now.words(), pulledIn(), now.invocation()));
        return true;
    }

    /// Whoever could start it had taken the drop-in away.
    private void keepOut() throws Bus.Lost {
        try {
            dropin.write();
            unit.reread(dropin);
        } catch (ResourceFailure e) {
            context.logger().log(Level.WARNING, "{0}", e.getMessage());
        }
    }
}
