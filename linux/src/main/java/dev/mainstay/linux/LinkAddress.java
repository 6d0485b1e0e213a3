package dev.mainstay.linux;

import java.net.InetAddress;

/// An address on a network interface of this node.
///
/// @param prefixLength how many leading bits name its subnet
/// @param link the index of its [Link]
/// @param flags the kernel's flags of an address
public record LinkAddress(InetAddress address, int prefixLength, int link, int flags) {
    private static final int SECONDARY = 0x01;
    private static final int DUPLICATE = 0x08;
    private static final int TENTATIVE = 0x40;

    /// Whether another address of its subnet came first; it goes when that one goes, unless the kernel
    /// promotes it.
    public boolean secondary() {
        return address.getAddress().length == 4 && (flags & SECONDARY) != 0;
    }

    /// Whether the kernel found that another node has it.
    public boolean duplicate() {
        return (flags & DUPLICATE) != 0;
    }

    /// Whether the kernel still asks if another node has it.
    public boolean tentative() {
        return (flags & TENTATIVE) != 0;
    }
}
