package dev.mainstay.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/// Talks to the neighbours of one interface about one address: asks whether somebody has it, and tells that this
/// node has it now.
///
/// It belongs to the network namespace of the thread that opened it.
///
/// **Threads:** one at a time. **Time:** nothing waits.
/// **Source:** RFC 5227 (IPv4), RFC 4861 section 7.2.6 (IPv6).
public sealed interface NeighbourSocket extends AutoCloseable permits ArpSocket, NeighbourDiscoverySocket {
    /// Opens one.
    static NeighbourSocket open(Link link, InetAddress address) throws IOException {
        return address.getAddress().length == 4
                ? new ArpSocket(link, address)
                : new NeighbourDiscoverySocket(link, address);
    }

    /// Asks who has the address, without claiming it; for IPv6 the kernel asks itself when the address is added.
    void ask() throws IOException;

    /// The hardware address of another node that said since that it has the address or is about to take it.
    Optional<String> heard() throws IOException;

    /// Tells all neighbours that the address is here now.
    void announce() throws IOException;

    @Override
    void close();
}
