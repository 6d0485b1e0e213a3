package dev.mainstay.core.state;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was wanted and decided of a group.
///
/// @param wantedOnline the persistent state: whether it was last commanded online
/// @param owner the node that the group is on
/// @param epoch grows when the group leaves its owner and again when it has a new one: what was ordered in an
///     older epoch cannot be carried out any more
/// @param transfer whether it is on its way to another node
/// @param failovers when it failed over within its failover period, oldest first
/// @param networkLosses the nodes on which a network it serves on was lost, and when that was last
public record GroupStatus(
        boolean wantedOnline,
        NodeId owner,
        long epoch,
        Transfer transfer,
        List<Instant> failovers,
        SortedMap<NodeId, Instant> networkLosses) {
    /// Whether a group is on its way.
    public sealed interface Transfer {
        /// It stays.
        record None() implements Transfer {}

        /// Its resources go offline; then `target` becomes the owner.
        ///
        /// @param failover whether a failure is the cause, not an operator
        record To(NodeId target, boolean failover, Reason reason) implements Transfer {}
    }

    /// Copies the collections.
    public GroupStatus {
        failovers = List.copyOf(failovers);
        networkLosses = Copies.ofMap(networkLosses);
    }

    /// This status with another persistent state.
    public GroupStatus wanting(boolean online) {
        return new GroupStatus(online, owner, epoch, transfer, failovers, networkLosses);
    }

    /// This status on its way to another node, in an epoch in which the owner may start nothing.
    public GroupStatus leaving(Transfer.To to, List<Instant> counted) {
        return new GroupStatus(wantedOnline, owner, epoch + 1, to, counted, networkLosses);
    }

    /// This status on its new owner.
    public GroupStatus ownedBy(NodeId node) {
        return new GroupStatus(wantedOnline, node, epoch + 1, new Transfer.None(), failovers, networkLosses);
    }

    /// This status as if the group had never failed over and lost no network.
    public GroupStatus forgettingFailures() {
        return new GroupStatus(wantedOnline, owner, epoch, transfer, List.of(), Copies.ofMap(new TreeMap<>()));
    }

    /// This status after a network was lost on a node.
    public GroupStatus losingNetwork(NodeId on, Instant at) {
        return new GroupStatus(wantedOnline, owner, epoch, transfer, failovers, Copies.with(networkLosses, on, at));
    }
}
