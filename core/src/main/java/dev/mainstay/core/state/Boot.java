package dev.mainstay.core.state;

import java.time.Duration;
import java.time.Instant;

/// A boot of a node's machine, and one moment on both its clock and the cluster's: what joins the two.
///
/// @param id as the kernel names it; empty where an older version wrote it
/// @param uptime how long the machine had been up at that moment, the time that it was suspended included
/// @param startedAt when the machine started, by its wall clock; for people
/// @param time cluster time of that moment
public record Boot(String id, Duration uptime, Instant startedAt, Instant time) {
    /// Nothing is known.
    public static final Boot UNKNOWN = new Boot("", Duration.ZERO, Instant.EPOCH, Instant.EPOCH);

    /// A boot of which cluster time is not known yet.
    public Boot(String id, Duration uptime, Instant startedAt) {
        this(id, uptime, startedAt, Instant.EPOCH);
    }

    /// This boot with the cluster time of its moment.
    public Boot at(Instant clusterTime) {
        return new Boot(id, uptime, startedAt, clusterTime);
    }

    /// Whether the machine was started again between this and `later`; what is not known is no reboot.
    public boolean endedBefore(Boot later) {
        return !id.isEmpty() && !later.id.isEmpty() && !id.equals(later.id);
    }
}
