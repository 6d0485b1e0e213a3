package dev.mainstay.spi;

/// One online or offline operation in progress.
///
/// **Threads:** usable from the entry point and from the work handed to [#pending], until that work ends.
public interface Operation {
    /// Why the operation happens.
    Reason reason();

    /// The group's epoch: grows with every change of owner, so that storage and applications can reject a stale
    /// owner.
    long epoch();

    /// Hands `work` to a worker of the monitor and returns [Outcome#PENDING].
    ///
    /// The end of the work is the end of the operation: returning means success, an exception means failure. The
    /// work is interrupted when the operation is cancelled, for example by terminate.
    ///
    /// **Time:** at most `pendingTimeout` between two changed checkpoints ([Progress#checkpoint]).
    /// **Order:** at most once per operation.
    Outcome pending(Work work);

    /// Hands over what a later monitor needs to adopt the running resource; a later call replaces an earlier one.
    void adoptable(AdoptionRecord adoption);

    /// Long work on behalf of an operation.
    @FunctionalInterface
    interface Work {
        /// Does the work and reports its steps.
        void run(Progress progress) throws ResourceFailure, InterruptedException;
    }
}
