package dev.mainstay.service.http;

import dev.mainstay.api.MonitorView;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.Measures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The resource monitors of the node that answers, as the API shows and handles them.
///
/// **Threads:** any; nothing waits for an entry point.
public interface MonitorDesk {
    /// All of them, in the order of their names.
    List<MonitorView> all();

    /// What is not as it should be with them, one sentence each.
    List<String> notices();

    /// The monitor that hosts a resource on this node, and what is special about it.
    Optional<Place> placeOf(String resource);

    /// Why what is known of a resource is only what was last known, when its owner is this node and its monitor is
    /// not there to say; empty when it is, or when the owner is another node.
    Optional<String> lastKnown(String resource, String owner);

    /// Kills a monitor and has it replaced at once; false when there is none of this name.
    boolean restart(String monitor);

    /// Gives a resource a monitor of its own with a debugger's port, or takes that back.
    ///
    /// @param actor who asks
    Debugging debug(String resource, boolean begins, String actor) throws InterruptedException;

    /// Asks a control of a resource or, when `resource` is empty, of a type; never fails but by its result.
    ///
    /// @param limit for the answer, unless the type asks for more
    CompletableFuture<ControlDone> ask(
            String monitor, String resource, String type, String code, Map<String, List<String>> input, Duration limit);

    /// What each monitor measured; of one that does not answer, what it told last.
    ///
    /// **Time:** a second at most.
    List<Measured> measures() throws InterruptedException;

    /// What one monitor measured.
    ///
    /// @param at when it told this, by the wall clock; for people
    /// @param age how long ago that was
    /// @param fresh whether it answered just now
    record Measured(String monitor, Instant at, Duration age, boolean fresh, Measures measures) {}

    /// Where a resource is hosted.
    ///
    /// @param note such as why it is kept apart, or empty
    record Place(String monitor, String note) {}

    /// What follows from a wish to debug.
    ///
    /// @param monitor where the resource shall be hosted
    /// @param atOnce whether it goes there at once; otherwise when it has been offline
    record Debugging(String monitor, boolean atOnce) {}
}
