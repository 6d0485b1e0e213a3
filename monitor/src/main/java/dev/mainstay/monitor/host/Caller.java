package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.monitor.entry.Mark;
import dev.mainstay.monitor.entry.SharedState;
import dev.mainstay.spi.TypeDescription;
import java.lang.ScopedValue.CallableOp;
import java.lang.System.Logger.Level;

/// Calls entry points of one resource, or of one type: each in its turn, watched, measured, and so that everything
/// it calls knows where it is.
///
/// **Threads:** any; calls run on the caller's thread.
final class Caller {
    private static final int OTHERS_MAX = 5;

    private final Hosting hosting;
    private final HostedType type;
    private final String resource;
    private final Turns.OfResource turns;
    private final Mark mark;
    // Written in the resource's mailbox, read by the threads of its calls.
    private volatile long limitMillis;

    private Caller(Hosting hosting, HostedType type, String resource, long limitMillis) {
        this.hosting = hosting;
        this.type = type;
        this.resource = resource;
        this.turns = type.turns().ofResource();
        this.mark = hosting.marks().of(resource, type.description().name());
        this.limitMillis = limitMillis;
    }

    static Caller ofType(Hosting hosting, HostedType type) {
        return new Caller(
                hosting, type, "", type.description().deadlockTimeout().toMillis());
    }

    static Caller ofResource(Hosting hosting, HostedType type, String resource, long limitMillis) {
        return new Caller(hosting, type, resource, limitMillis);
    }

    TypeDescription description() {
        return type.description();
    }

    /// The deadlock timeout of its calls in milliseconds.
    long limitMillis() {
        return limitMillis;
    }

    /// Sets the deadlock timeout of later calls.
    void limit(long millis) {
        limitMillis = millis;
    }

    /// Takes the turn of a call; the answer gives it back.
    Turns.Turn take(EntryPoint call) {
        return resource.isEmpty() ? type.turns().take(call) : turns.take(call);
    }

    /// Runs `body` in the turn of `call` if that is free now; answers whether it was.
    boolean tryTake(EntryPoint call, Runnable body) {
        return turns.tryTake(call, body);
    }

    CallSite site(EntryPoint call) {
        return new CallSite(call, type.description().name(), resource, false, mark);
    }

    /// Makes a call in its turn. What it throws comes out as [Words.Told].
    <R, X extends Throwable> R call(EntryPoint call, CallableOp<R, X> body) throws X {
        try (var _ = take(call)) {
            return inside(call, body);
        }
    }

    /// Makes a call in a turn that is taken already.
    <R, X extends Throwable> R inside(EntryPoint call, CallableOp<R, X> body) throws X {
        Thread.currentThread().setContextClassLoader(type.type().getClass().getClassLoader());
        try (var _ = hosting.deadline().watch(called(call.word()))) {
            try {
                return site(call).run(body);
            } catch (Throwable thrown) {
                // its own methods are code of the type: they are called here and nowhere else
                throw Words.told(thrown);
            } finally {
                blame(call);
            }
        }
    }

    /// Whoever changed what all types share is blamed now, and not whoever runs into it later.
    private void blame(EntryPoint call) {
        var changed = SharedState.putBack();
        if (!changed.isEmpty()) {
            var others = hosting.deadline().underway().stream()
                    .map(one -> one.call().words())
                    .filter(words -> !words.equals(called(call.word()).words()))
                    .limit(OTHERS_MAX)
                    .toList();
            log(
                    Level.WARNING,
                    "after %s what all types of this monitor share was another: %s. It is put back. A type must not change it: give the type a monitor of its own with 'monitor: type'.%s"
                            .formatted(
                                    called(call.word()).words(),
                                    changed,
                                    others.isEmpty()
                                            ? ""
                                            : " Under way at the same time, so that it may have been them: "
                                                    + String.join(", ", others)));
        }
    }

    /// A call of this resource or type, as it is watched and measured.
    Incident.Call called(String name) {
        return new Incident.Call(resource, type.description().name(), name, limitMillis);
    }

    void log(Level level, String text) {
        hosting.voice().log(level, resource, text);
    }
}
