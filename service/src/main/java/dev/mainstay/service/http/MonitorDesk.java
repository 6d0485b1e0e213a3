package dev.mainstay.service.http;

import dev.mainstay.api.MonitorView;
import java.util.List;
import java.util.Optional;

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

    /// Kills a monitor and has it replaced at once; false when there is none of this name.
    boolean restart(String monitor);

    /// Gives a resource a monitor of its own with a debugger's port, or takes that back.
    ///
    /// @param actor who asks
    Debugging debug(String resource, boolean begins, String actor) throws InterruptedException;

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
