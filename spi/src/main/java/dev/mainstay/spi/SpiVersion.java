package dev.mainstay.spi;

/// The versions of this contract.
///
/// **Source:** ADR 0013.
public final class SpiVersion {
    /// Oldest version that this build's monitor speaks.
    public static final int OLDEST = 1;
    /// Newest version that this build's monitor speaks.
    public static final int NEWEST = 1;
    /// Attribute of a plugin's manifest that says which version it was built against.
    public static final String MANIFEST_ATTRIBUTE = "Mainstay-Spi-Version";

    private SpiVersion() {}
}
