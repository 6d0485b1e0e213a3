package dev.mainstay.service.monitors;

import java.time.Instant;
import java.util.Optional;

/// How one monitor is.
///
/// @param pid its process, 0 while there is none
/// @param since when it came into this state
/// @param startsAt when it is started again, while it waits for that
/// @param debugPort where a debugger can be attached, on 127.0.0.1; 0 when it cannot
/// @param setup how its process was started
/// @param limits in words, which limits hold and which are not enforced
/// @param crashes how often it ended unasked within the last hour
/// @param last how the process before ended
/// @param trouble what an operator must see to, or empty
public record MonitorStatus(
        String name,
        State state,
        long pid,
        Instant since,
        Optional<Instant> startsAt,
        int debugPort,
        MonitorSetup setup,
        String limits,
        int crashes,
        Optional<Ending> last,
        String trouble) {
    /// What a monitor is doing.
    public enum State {
        /// Its process starts, or is waited for to connect again.
        STARTING,
        /// It is connected.
        READY,
        /// It is connected and does not answer: what is shown of its resources is what was last known.
        NOT_ANSWERING,
        /// Its process ended; it is started again after a pause.
        WAITING,
        /// Its process is being ended.
        ENDING,
        /// Its process was killed and is still there.
        STUCK,
        /// Nothing needs it.
        ENDED
    }
}
