package dev.mainstay.service.control;

import dev.mainstay.core.decision.Refusal;
import dev.mainstay.service.control.Answer.Unavailable;
import dev.mainstay.service.control.Answer.Unavailable.Cause;
import dev.mainstay.service.log.ReplicatedLog.EntryTooLarge;
import dev.mainstay.service.log.ReplicatedLog.NotLeading;
import dev.mainstay.service.log.ReplicatedLog.StorageFull;
import org.jspecify.annotations.Nullable;

/// The answers for a request that could not be decided.
final class Unavailability {
    private Unavailability() {}

    static Answer noLeader(String why) {
        return new Unavailable(
                Cause.NO_LEADER,
                "nothing was changed: no node leads the cluster at the moment (%s)".formatted(why),
                "Try again in a few seconds; 'mainstay status' shows which nodes are up.");
    }

    static Answer busy(int waiting) {
        return new Unavailable(
                Cause.BUSY,
                "nothing was changed: %d commands wait to be decided already".formatted(waiting),
                "Try again in a few seconds.");
    }

    static Answer of(@Nullable Throwable error) {
        return switch (error) {
            case StorageFull full ->
                new Unavailable(
                        Cause.STORAGE,
                        String.valueOf(full.getMessage()),
                        "Free some space in the data directory of the leading node and try again.");
            case EntryTooLarge large ->
                new Answer.Refused(new Refusal(
                        Refusal.Code.TOO_LARGE, String.valueOf(large.getMessage()), "Ask for it in several steps."));
            case NotLeading none -> noLeader(String.valueOf(none.getMessage()));
            case null -> new Answer.Unknown("the command may or may not have been carried out: no answer came");
            default -> new Answer.Unknown("the command may or may not have been carried out: " + error.getMessage());
        };
    }
}
