package dev.mainstay.monitor.step;

import dev.mainstay.spi.Reason;

/// Where one resource stands inside its monitor; finer than the state that is reported.
public sealed interface Phase {
    /// The open entry point runs.
    ///
    /// @param rest the phase to return to when nothing was left over
    /// @param leftover what an earlier monitor may have left running
    /// @param wish what was ordered meanwhile
    record Opening(Rest rest, Leftover leftover, Wish wish) implements Phase {}

    /// IsAlive runs for what was re-attached after a change of monitor.
    record Confirming() implements Phase {}

    /// Open and not running.
    record Offline() implements Phase {}

    /// The online entry point runs.
    record OnlineCall() implements Phase {}

    /// A worker brings it online.
    record OnlinePending() implements Phase {}

    /// Serving and watched; no check runs.
    record Online() implements Phase {}

    /// Serving; a check runs.
    ///
    /// @param thorough whether IsAlive runs, else LooksAlive
    /// @param again whether IsAlive shall follow at once
    /// @param wish what was ordered meanwhile
    record Checking(boolean thorough, boolean again, Wish wish) implements Phase {}

    /// The offline entry point runs.
    record OfflineCall() implements Phase {}

    /// A worker takes it offline.
    record OfflinePending() implements Phase {}

    /// A cancelled worker is waited for; terminate follows.
    record Draining(Goal goal) implements Phase {}

    /// The terminate entry point runs, or has run while another call or a worker has not ended.
    ///
    /// @param outstanding whether another call or a worker has not ended yet
    /// @param running whether terminate runs
    /// @param again whether terminate must run once more, because what it overlapped ended meanwhile
    record Terminating(Goal goal, boolean outstanding, boolean running, boolean again) implements Phase {}

    /// Failed; nothing of it runs.
    ///
    /// @param open whether there is an open instance
    record Failed(boolean open) implements Phase {}

    /// The close entry point runs.
    ///
    /// @param reopen whether it is opened again with newer settings
    /// @param rest the phase to return to after that
    /// @param wish what was ordered meanwhile
    record Closing(boolean reopen, Rest rest, Wish wish) implements Phase {}

    /// Not hosted any more.
    record Closed() implements Phase {}

    /// The phase before an instance was opened again.
    enum Rest {
        /// Never open before in this monitor.
        NEW,
        /// Offline.
        OFFLINE,
        /// Failed.
        FAILED
    }

    /// What an earlier monitor recorded last.
    enum Leftover {
        /// No record.
        NOTHING,
        /// It was online.
        RUNNING,
        /// It was coming online.
        STARTING,
        /// It was going offline.
        STOPPING,
        /// It was online or coming online before the machine was started again.
        REBOOTED,
        /// A record is there, but it cannot be read.
        UNREADABLE,
        /// Whatever is left is ended and counts as failed: the service says so.
        CONDEMNED
    }

    /// What was ordered while a call ran that must end first.
    sealed interface Wish {
        /// Nothing.
        record Nothing() implements Wish {}

        /// To come online.
        record BeOnline(long epoch, long attempt, Reason reason) implements Wish {}

        /// To go offline.
        record BeOffline(Reason reason) implements Wish {}

        /// To be closed.
        record BeClosed(Reason reason) implements Wish {}
    }

    /// What a termination is for.
    ///
    /// @param end where it leads
    /// @param detail evidence or error for the final report
    /// @param seenAt when the cause was first seen, in microseconds since 1970
    record Goal(End end, Reason reason, String detail, long seenAt) {
        Goal saying(String words) {
            return new Goal(end, reason, words, seenAt);
        }
    }

    /// Where a termination leads.
    enum End {
        /// Offline.
        OFFLINE,
        /// Failed.
        FAILED,
        /// Closed and forgotten.
        CLOSED
    }
}
