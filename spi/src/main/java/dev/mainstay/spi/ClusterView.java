package dev.mainstay.spi;

import java.util.List;

/// What a resource type may ask of the cluster it works for.
///
/// While an entry point runs, the monitor keeps other calls of the type waiting, and the cluster service may be
/// waiting for that very call: a question back into the cluster could never be answered. Each method says where
/// it may be called; elsewhere it is refused at once with a [ForbiddenCall] that says so, too.
///
/// **Threads:** as each method says; a thread that the type made itself counts as a worker.
/// **Time:** an answer takes a few milliseconds; after 5 s without one it is a [ResourceFailure].
/// **Errors:** before the cluster service has started (control `starting-phase2`) every question is a
/// [ForbiddenCall].
public interface ClusterView {
    /// Whether the cluster can be asked: the cluster service has started. From anywhere.
    boolean available();

    /// The name of this node. From anywhere, once the cluster is available.
    String node();

    /// How a resource is. From a worker only.
    ///
    /// **Errors:** [ResourceFailure] when there is no such resource.
    Standing resource(String name) throws ResourceFailure;

    /// How a group is. From a worker only.
    ///
    /// **Errors:** [ResourceFailure] when there is no such group.
    Standing group(String name) throws ResourceFailure;

    /// The names of the nodes that are up. From a worker only.
    List<String> nodesUp() throws ResourceFailure;

    /// Stores a private property of the resource that asks. Not from open, close, online, offline and terminate;
    /// from a worker, a check or a control.
    ///
    /// @param value one for plain kinds, several for a list, `name=value` each for a map
    void store(String property, List<String> value) throws ResourceFailure;

    /// How a resource or a group is.
    ///
    /// @param state its state in words, such as `online`
    /// @param owner the node that owns it, or empty
    record Standing(String state, String owner) {}

    /// A call that could wait for ever where it was made; the message says where it may be made.
    final class ForbiddenCall extends IllegalStateException {
        private static final long serialVersionUID = 1;

        /// A message that says what was asked, where, and where it may be asked.
        public ForbiddenCall(String message) {
            super(message);
        }
    }
}
