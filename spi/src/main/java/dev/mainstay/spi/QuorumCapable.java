package dev.mainstay.spi;

import java.util.function.Consumer;

/// The entry points of a resource that several nodes can contest for, so that only one of them goes on.
///
/// Implemented by the object that [ResourceType#open] returns.
///
/// **Threads:** as the other entry points; terminate may arrive at the same time.
/// **Time:** both should return within 300 ms: the defence of what was won belongs to a thread.
public interface QuorumCapable {
    /// Contests for the quorum device; returning means that it is won and defended from now on.
    ///
    /// @param lost is told, with evidence, when the defence fails later; never blocks
    void arbitrate(Consumer<String> lost) throws ResourceFailure;

    /// Ends the defence and gives the quorum device up; does nothing when it was not held.
    void release() throws ResourceFailure;
}
