package dev.mainstay.spi;

/// The entry points of one open resource, called by the resource monitor that hosts it.
///
/// **Threads:** one call at a time per resource (per type, unless the type declares its resources
/// independent); only [#terminate] may arrive during another call, never during [ResourceType#open] or
/// [#close]. A call comes on some virtual thread, which may have served other resources before: what a type keeps
/// by thread is not there the next time.
/// **Time:** each call should return within 300 ms; longer work goes to [Operation#pending]. A call that has not
/// returned after `deadlockTimeout` costs the monitor its process.
/// **Errors:** any exception means "this resource failed"; its message is shown to the operator.
/// **Source:** ADR 0004.
public interface EntryPoints {
    /// Brings the resource online; success means that it serves.
    ///
    /// Before success is reported the type hands over [Operation#adoptable], if the resource can survive its
    /// monitor.
    Outcome online(Operation operation) throws ResourceFailure;

    /// Takes the resource offline cleanly, so that another node can bring it online.
    Outcome offline(Operation operation) throws ResourceFailure;

    /// Frees the resource at once, without waiting for clients; leaves nothing of it running on this node.
    ///
    /// May be called in any state and more than once.
    ///
    /// **Errors:** after any exception, such as the one of [Processes#endAll], something may still run. It is
    /// called again until it succeeds, and meanwhile nobody starts the resource elsewhere.
    void terminate(Reason reason) throws ResourceFailure;

    /// Answers cheaply whether the resource looks alive; a false alarm costs one [#isAlive].
    Health looksAlive();

    /// Answers thoroughly; [Health.Dead] makes the cluster apply the resource's restart action.
    Health isAlive();

    /// Answers a control that is addressed to this resource; the standard ones are in [Controls].
    ///
    /// **Errors:** [ResourceFailure] is the answer to whoever asked; the resource goes on.
    default ControlAnswer resourceControl(ControlRequest request) throws ResourceFailure {
        return ControlAnswer.notSupported();
    }

    /// Tells that a pending online or offline is not wanted any more; its worker is interrupted, too.
    ///
    /// For what an interrupt does not reach, such as a request to another program.
    ///
    /// **Threads:** waits for its turn as [#looksAlive] does; terminate may arrive meanwhile.
    default void cancel() {}

    /// Frees what the instance holds in this monitor; the resource is offline when this is called.
    void close();
}
