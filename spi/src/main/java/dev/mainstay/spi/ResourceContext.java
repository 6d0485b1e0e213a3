package dev.mainstay.spi;

import java.nio.file.Path;
import java.util.Optional;

/// What an open resource may know of and ask from its monitor.
///
/// **Threads:** any thread.
public interface ResourceContext {
    /// The resource's name, unique in the cluster.
    String resource();

    /// The name of the group that the resource belongs to.
    String group();

    /// The private properties, checked against the type's description.
    Properties properties();

    /// A folder of the resource's own on this node; it outlives monitor and service.
    Path directory();

    /// Writes to the monitor's log under the resource's name.
    System.Logger logger();

    /// Starts, watches, adopts and ends processes.
    Processes processes();

    /// What an earlier monitor left running, if anything; see [ResourceType#open].
    Optional<AdoptionRecord> recovered();

    /// Declares that the type will tell of failures itself: LooksAlive is polled no more for this instance.
    ///
    /// **Order:** usable from [ResourceType#open] on; a raise while the resource is not online is ignored.
    FailureSignal signalInsteadOfLooksAlive();

    /// Signals a failure without waiting for a check. Never blocks.
    ///
    /// @param evidence what was seen, in words for the operator
    void signalFailure(FailureKind kind, String evidence);

    /// Keeps the resource where it is: it must not be moved or taken offline, for example during a backup. The
    /// lock ends with [#unlock], with the instance, or when an operator ignores it. Never blocks.
    ///
    /// @param why shown to whoever is refused
    void lock(String why);

    /// Ends [#lock]. Never blocks.
    void unlock();

    /// Publishes a value about the resource, shown to operators and forgotten with the instance; an empty value
    /// takes it back. Never blocks; at most 32 names of 64 characters with values of 1024 characters.
    void publish(String name, String value);

    /// Reserves a thing of this node, such as a unit or a name, for this resource: no other resource here gets it
    /// while this one is open, or may still run after its monitor has died. Given back with the instance.
    ///
    /// **Errors:** [ResourceFailure] that names the resource which has it.
    /// **Order:** in [ResourceType#open], before the thing is touched.
    ///
    /// @param what names the thing, by the same words whoever asks: `systemd unit web.service`
    void reserve(String what) throws ResourceFailure;

    /// The cluster; cannot be asked before control `starting-phase2`.
    ClusterView cluster();

    /// Tells the monitor of a suspected failure at once.
    @FunctionalInterface
    interface FailureSignal {
        /// Says what was seen; the monitor confirms with [EntryPoints#isAlive]. Never blocks.
        void raise(String evidence);
    }
}
