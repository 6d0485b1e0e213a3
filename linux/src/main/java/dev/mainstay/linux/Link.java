package dev.mainstay.linux;

/// A network interface as the kernel describes it.
///
/// @param index the number the kernel knows it by; never used again before a restart
/// @param hardwareAddress its link-layer address such as `02:00:00:00:00:01`; empty when it has none
/// @param hardwareType the kind of network; 1 is Ethernet
/// @param flags the kernel's flags of an interface
public record Link(int index, String name, String hardwareAddress, int hardwareType, int flags) {
    private static final int UP = 1;
    private static final int LOOPBACK = 8;
    private static final int NO_ARP = 0x80;
    private static final int LOWER_UP = 0x1_0000;
    private static final int ETHERNET = 1;

    /// Whether somebody has switched it on.
    public boolean up() {
        return (flags & UP) != 0;
    }

    /// Whether the layer below it works: a cable with somebody at its other end, for example.
    public boolean carrier() {
        return (flags & LOWER_UP) != 0;
    }

    /// Whether it leads back to this node only.
    public boolean loopback() {
        return (flags & LOOPBACK) != 0;
    }

    /// Whether it has neighbours that find addresses by asking for them.
    public boolean hasNeighbours() {
        return hardwareType == ETHERNET && (flags & (NO_ARP | LOOPBACK)) == 0 && !hardwareAddress.isEmpty();
    }
}
