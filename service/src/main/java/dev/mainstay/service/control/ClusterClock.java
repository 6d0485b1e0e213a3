package dev.mainstay.service.control;

import dev.mainstay.core.state.Boot;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.Uptime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Cluster time on this node: goes on from the last entry of the log, as fast as the time since boot does.
///
/// The wall clock gives the first entry of a cluster its time and no other. Whoever sets it, by a second or by
/// years, changes no restart, no retry and no failover; it is for people, who read times by it as it is now.
///
/// A service that starts again in the same boot of its machine goes on from what the log says of its last start,
/// so that the time between counts as well. The time that a machine was off does not count: nothing could fail
/// then.
///
/// **Threads:** any.
public final class ClusterClock {
    private final InstantSource wall;
    private final Supplier<Duration> uptime;
    private final String boot;
    /// Cluster time when the machine had just started, as far as it is known; only grows.
    private Instant origin = Instant.MIN;

    /// @param uptime for how long the machine has been up
    /// @param boot the boot of the machine, as the kernel names it
    public ClusterClock(InstantSource wall, Supplier<Duration> uptime, String boot) {
        this.wall = wall;
        this.uptime = uptime;
        this.boot = boot;
    }

    /// The clock of a process on this machine.
    public static ClusterClock ofThisMachine() {
        return new ClusterClock(InstantSource.system(), Uptime::now, ProcessTable.bootId());
    }

    /// The boot of this machine as it is now.
    public Boot boot() {
        var up = uptime.get();
        return new Boot(boot, up, wall.instant().minus(up));
    }

    /// What the wall clock says.
    Instant wall() {
        return wall.instant();
    }

    /// Cluster time now; never before the time of `state`, nor before what was told for an earlier one.
    synchronized Instant at(ClusterState state) {
        if (state.revision() == 0) {
            return wall.instant();
        }
        reached(state);
        return origin.plus(uptime.get());
    }

    /// Takes note that cluster time is that of `state` at least: to be called for each entry as it is applied.
    synchronized void reached(ClusterState state) {
        notBefore(state.time(), uptime.get());
        for (var node : state.nodes().values()) {
            if (node.boot().id().equals(boot)) {
                notBefore(node.boot().time(), node.boot().uptime());
            }
        }
    }

    private void notBefore(Instant time, Duration up) {
        var candidate = time.minus(up);
        if (candidate.isAfter(origin)) {
            origin = candidate;
        }
    }

    /// What the wall clock, as it is set now, says at a moment of cluster time.
    Instant wallTimeOf(Instant moment, ClusterState state) {
        return wall.instant().plus(Duration.between(at(state), moment));
    }
}
