package dev.mainstay.linux;

import java.net.InetAddress;

/// A subnet that is reached directly through an interface, without a gateway.
///
/// @param link the index of its [Link]
public record Route(InetAddress subnet, int prefixLength, int link) {
    /// Whether the subnet has room for that address.
    public boolean covers(InetAddress address) {
        var mine = subnet.getAddress();
        var other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((mine[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
