package dev.mainstay.monitor.host;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToService;
import java.util.function.Supplier;

/// What a host says: to its service and into the log.
///
/// **Threads:** any; never blocks, except for [#tellLast].
public interface Voice {
    /// The state of a resource changed.
    void report(HeldResource held);

    /// A resource is not hosted any more.
    void closed(String resource);

    /// An answer or a question, for which somebody waits; answers whether it is on its way.
    boolean tell(ToService message);

    /// An answer after which the current thread has nothing left to do: it may write the answer itself, and waits
    /// for as long as the service does not read.
    default boolean tellLast(ToService message) {
        return tell(message);
    }

    /// Everything is told once more, as it is when its turn comes.
    void tellAll(Supplier<ToService.Inventory> whole);

    /// A line for the log.
    void log(System.Logger.Level level, String resource, String text);
}
