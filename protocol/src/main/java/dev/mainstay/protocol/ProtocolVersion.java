package dev.mainstay.protocol;

/// The versions of this protocol that this build speaks.
public final class ProtocolVersion {
    /// Oldest version understood.
    public static final int OLDEST = 1;
    /// Newest version understood.
    public static final int NEWEST = 2;
    /// The first one with beats.
    public static final int BEATS = 2;

    private ProtocolVersion() {}
}
