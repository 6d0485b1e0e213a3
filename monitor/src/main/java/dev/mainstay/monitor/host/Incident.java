package dev.mainstay.monitor.host;

import dev.mainstay.protocol.Texts;
import java.util.List;
import java.util.Optional;

/// Why a monitor cannot go on: its process ends, and the next one adopts its resources.
public sealed interface Incident {
    /// The incident in one line, for the operator.
    String summary();

    /// A call of an entry point.
    ///
    /// @param resource whose call it is, or empty for a call of the type
    /// @param type the type's name
    /// @param name the entry point
    /// @param limitMillis its deadlock timeout, in milliseconds
    record Call(String resource, String type, String name, long limitMillis) {
        /// Whose entry point it is, in words.
        public String words() {
            return resource.isEmpty()
                    ? "entry point '%s' of type '%s'".formatted(name, type)
                    : "entry point '%s' of resource '%s' (type '%s')".formatted(name, resource, type);
        }
    }

    /// A call under way.
    ///
    /// @param sinceMicros when it began, in microseconds since 1970
    /// @param caller the thread that runs it
    record Underway(Call call, long sinceMicros, Thread caller) {}

    /// A call did not return within its deadlock timeout.
    ///
    /// @param lastedMillis how long it has lasted, in milliseconds
    /// @param others other calls under way, longest first
    record Overdue(Underway culprit, long lastedMillis, List<Underway> others) implements Incident {
        /// Copies the list.
        public Overdue {
            others = List.copyOf(others);
        }

        @Override
        public String summary() {
            return "%s has not returned for %d ms, its deadlock timeout is %d ms"
                    .formatted(
                            culprit.call().words(), lastedMillis, culprit.call().limitMillis());
        }
    }

    /// Our own code threw where nothing can be thrown.
    ///
    /// @param resource the resource that was handled, or empty
    record Bug(String resource, Throwable thrown) implements Incident {
        @Override
        public String summary() {
            return resource.isEmpty()
                    ? "a bug of the monitor: " + Texts.of(thrown)
                    : "a bug of the monitor, met while resource '%s' was handled: %s"
                            .formatted(resource, Texts.of(thrown));
        }
    }

    /// Code that is not ours asked the JVM to end.
    ///
    /// @param culprit the call it was made from, if it was made from one
    /// @param thread the name of the thread that asked
    /// @param status the exit code it asked for
    /// @param where its stack
    record Exit(Optional<Call> culprit, String thread, String status, Throwable where) implements Incident {
        @Override
        public String summary() {
            return "%s asked the JVM of the monitor to end (%s): a resource type must not"
                    .formatted(culprit.map(Call::words).orElse("thread '%s'".formatted(thread)), status);
        }
    }
}
