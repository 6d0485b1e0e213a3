package dev.mainstay.monitor.entry;

import java.lang.ScopedValue.CallableOp;
import java.util.Optional;

/// Where a thread is: in an entry point, or in the work that one handed over.
///
/// A thread that a type made itself is nowhere: nobody waits for it, so it counts as a worker.
///
/// @param type the type's name
/// @param resource the resource's name, or empty for a call of the type
/// @param worker whether the entry point has returned and its work goes on
/// @param mark where it is marked while somebody is there
public record CallSite(EntryPoint call, String type, String resource, boolean worker, Mark mark) {
    private static final ScopedValue<CallSite> HERE = ScopedValue.newInstance();

    /// Where the current thread is.
    public static Optional<CallSite> current() {
        return HERE.isBound() ? Optional.of(HERE.get()) : Optional.empty();
    }

    /// This site in the work that the entry point handed over.
    public CallSite working() {
        return new CallSite(call, type, resource, true, mark);
    }

    /// Runs `body` at this site.
    public <R, X extends Throwable> R run(CallableOp<? extends R, X> body) throws X {
        mark.begins(call, worker);
        try {
            return ScopedValue.where(HERE, this).call(body);
        } finally {
            mark.ends(call, worker);
        }
    }

    /// This site for an operator, such as `entry point 'isAlive' of resource 'web'`.
    public String words() {
        return "%s '%s' of %s"
                .formatted(
                        worker ? "a worker of entry point" : "entry point",
                        call.word(),
                        resource.isEmpty() ? "type '%s'".formatted(type) : "resource '%s'".formatted(resource));
    }
}
