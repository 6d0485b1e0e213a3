package dev.mainstay.service.control;

import dev.mainstay.service.log.ReplicatedLog;
import java.io.IOException;

/// Opens the log that a replica follows.
@FunctionalInterface
public interface LogOpener {
    /// Opens it; the replica is called from now on, possibly before this returns.
    ReplicatedLog open(ReplicatedLog.Replica replica) throws IOException;
}
