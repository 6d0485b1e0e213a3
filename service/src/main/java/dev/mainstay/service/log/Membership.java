package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// Whose log it is: the cluster, this node, and the voters with their addresses as `host:port`. A node alone needs
/// none: nobody talks to it.
///
/// @param key tells keys of the cluster from one another; empty on a node alone
public record Membership(String cluster, NodeId self, SortedMap<NodeId, String> voters, String key) {
    /// Copies the map.
    ///
    /// **Errors:** `IllegalArgumentException` when this node is not among the voters, or one of several without an
    /// address.
    public Membership {
        voters = new TreeMap<>(voters);
        var address = voters.get(self);
        if (address == null || (voters.size() > 1 && !address.matches(".+:\\d{1,5}"))) {
            throw new IllegalArgumentException(
                    "cannot open the log on node '%s': its address among %s is not 'host:port'. Name one for it."
                            .formatted(self, voters));
        }
    }

    /// A cluster whose key is not known yet.
    public Membership(String cluster, NodeId self, SortedMap<NodeId, String> voters) {
        this(cluster, self, voters, "");
    }

    /// The same with the key that its members share.
    public Membership sealedBy(Seal seal) {
        return new Membership(cluster, self, voters, seal.fingerprint());
    }

    /// A cluster of one node.
    public static Membership alone(String cluster, NodeId self) {
        return new Membership(cluster, self, new TreeMap<>(Map.of(self, "")));
    }

    /// Whether this node is the only voter.
    public boolean isAlone() {
        return voters.size() == 1;
    }

    String host() {
        return address().substring(0, address().lastIndexOf(':'));
    }

    int port() {
        return Integer.parseInt(address().substring(address().lastIndexOf(':') + 1));
    }

    private String address() {
        return voters.getOrDefault(self, "");
    }

    /// Where the engine keeps the log of this cluster.
    public Path directoryIn(Path log) {
        return log.resolve(group().toString());
    }

    /// The same on every node of a cluster and another for every other name or key: members of two clusters that
    /// reach one another by a wrong address refuse each other, and with another key nobody votes or leads.
    UUID group() {
        var name = "mainstay cluster " + cluster + (key.isEmpty() ? "" : " key " + key);
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
