package dev.mainstay.monitor;

import dev.mainstay.monitor.evidence.Evidence;
import dev.mainstay.monitor.host.Incident;
import dev.mainstay.monitor.link.Outbox;
import dev.mainstay.monitor.link.OwnLog;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import dev.mainstay.protocol.ToService;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// The end of a monitor that cannot go on: evidence first, then the service is told, then the process ends.
///
/// Each of the three has its own thread and waits for the one before for a limited time only, so that nothing that
/// hangs, be it `/proc` or the disk, can keep the process from ending.
///
/// **Threads:** [#say] from any, never blocks.
final class LastWords {
    /// How long evidence may take, in milliseconds: bystanders wait for the next monitor meanwhile.
    static final long EVIDENCE_MILLIS = 300;

    /// How long telling the service may take, in milliseconds.
    static final long TELLING_MILLIS = 100;

    /// When the process ends whatever hangs, in milliseconds.
    static final long END_MILLIS = 500;

    /// Deeper than a stack gets, in frames.
    private static final int STACK_MAX = 100_000;

    private final Outbox outbox;
    private final Function<Incident, Evidence> evidence;
    private final Runnable end;
    private final AtomicBoolean begun = new AtomicBoolean();

    /// @param evidence makes the evidence of an incident
    /// @param end ends the process at once
    LastWords(Outbox outbox, Function<Incident, Evidence> evidence, Runnable end) {
        this.outbox = outbox;
        this.evidence = evidence;
        this.end = end;
    }

    /// Ends the process because of an incident; further ones change nothing.
    void say(Incident incident) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            announce(incident);
            var collected = evidence.apply(incident);
            var collecting = start("evidence", collected::collect);
            var telling = start("last words", () -> {
                await(collecting, EVIDENCE_MILLIS);
                tell(incident, collected);
            });
            start("end", () -> {
                await(telling, END_MILLIS);
                end.run();
            });
        } catch (Throwable noThreadOrNoMemory) {
            end.run();
        }
    }

    /// Does once what comes before the last words, of a call that never was: see [Evidence#rehearse].
    void rehearse() {
        var call = new Incident.Call("rehearsal", "", "", EVIDENCE_MILLIS);
        evidence.apply(new Incident.Overdue(new Incident.Underway(call, 0, Thread.currentThread()), 0, List.of()))
                .rehearse();
    }

    /// The next monitor can come up while the evidence is gathered.
    private void announce(Incident incident) {
        if (!outbox.tell(new ToService.Doomed(incident.summary()))) {
            OwnLog.line(Level.WARNING, "", "the service does not hear that this monitor ends: it is not connected.");
        }
    }

    private static Thread start(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).start(task);
    }

    private static void await(Thread thread, long limitMillis) {
        try {
            thread.join(limitMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Incident incident, Evidence collected) {
        if (!outbox.tell(
                message(incident, collected.file().map(Object::toString).orElse("")))) {
            OwnLog.line(Level.WARNING, "", "the service is not told: it is not connected, or does not read.");
        }
        try {
            outbox.drain(TELLING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ToService message(Incident incident, String file) {
        return switch (incident) {
            case Incident.Overdue(var culprit, var _, var _) -> {
                var call = culprit.call();
                yield new ToService.Deadlocked(
                        call.resource(),
                        call.type(),
                        call.name(),
                        culprit.sinceMicros(),
                        call.limitMillis(),
                        file,
                        incident.summary());
            }
            case Incident.Exit(var culprit, var _, var _, var _)
            when culprit.isPresent() -> {
                var call = culprit.get();
                yield new ToService.Deadlocked(
                        call.resource(), call.type(), call.name(), 0, call.limitMillis(), file, incident.summary());
            }
            case Incident.Exit _ ->
                new ToService.LogLine(Level.ERROR.name(), "", "%s. Evidence: %s".formatted(incident.summary(), file));
            case Incident.Bug(var resource, var _) ->
                new ToService.LogLine(
                        Level.ERROR.name(), resource, "%s. Evidence: %s".formatted(incident.summary(), file));
        };
    }

    /// Tells what ended a thread. One of a resource type must not end its monitor; one of ours must: what it did
    /// is done by nobody any more.
    void uncaught(Thread thread, Throwable thrown) {
        OwnLog.line(
                Level.ERROR,
                "",
                "thread '%s' ended by %s"
                        .formatted(Texts.cut(thread.getName(), Limits.LINE), Texts.trace(thrown, Limits.LOG_LINE)));
        if (isOurs(thrown)) {
            say(new Incident.Bug("", thrown));
        }
    }

    /// Whose thread it was, by the first code on it that is not the JDK's; one that does not show is ours.
    private static boolean isOurs(Throwable thrown) {
        return Texts.frames(thrown, STACK_MAX).reversed().stream()
                .map(frame -> frame.substring(frame.lastIndexOf('/', frame.indexOf('(')) + 1))
                .filter(frame -> !frame.startsWith("java.") && !frame.startsWith("jdk."))
                .findFirst()
                .map(frame -> frame.startsWith("dev.mainstay.monitor."))
                .orElse(true);
    }
}
