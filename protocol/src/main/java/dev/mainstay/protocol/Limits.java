package dev.mainstay.protocol;

/// Every limit on the size of what enters Mainstay or travels in it, in one table: each is enforced where the
/// bytes come in, and lies below that of the next layer, so that what was taken once never becomes too large
/// further on.
/// `docs/limits.md` shows them to people.
///
/// Texts are measured in characters (of at most three bytes of UTF-8 each), everything else in bytes.
public final class Limits {
    private static final int MIB = 1 << 20;

    /// A text of one line: a name, a reason, the words of an exception.
    public static final int LINE = 1_000;

    /// A text of several lines: evidence of a failure, what a check found, why a resource is locked.
    public static final int TEXT = 4_000;

    /// A line of a type for the log; a stack of fifty frames fits.
    public static final int LOG_LINE = 8_000;

    /// A text of a resource where many are listed: what is more stands where it is shown alone.
    public static final int LISTED = 300;

    /// The step a pending operation is at.
    public static final int CHECKPOINT = 200;

    /// The name of a published value.
    public static final int PUBLISHED_NAME = 64;

    /// A published value.
    public static final int PUBLISHED_VALUE = 1_024;

    /// Values that one resource publishes.
    public static final int PUBLISHED = 32;

    /// All characters of the answer to a control.
    public static final int CONTROL_ANSWER = MIB;

    /// The bytes that a type adds to its adoption record.
    public static final int ADOPTION_RECORD = 64 << 10;

    /// All texts of a type's description of itself, in characters.
    public static final int DESCRIPTION = 256 << 10;

    /// The content of a frame between service and monitor.
    public static final int FRAME = 8 * MIB;

    /// A part of an inventory: well below a frame, whatever the last resource in it says.
    public static final int INVENTORY_PART = MIB;

    /// Parts of one inventory: ten thousand resources of which each says as much as it may.
    public static final int INVENTORY_PARTS = 8_192;

    /// The body of a request over HTTP: a manifest.
    public static final int HTTP_BODY = MIB;

    /// All private properties of one resource, names and values together, in characters.
    public static final int PROPERTIES = 32 << 10;

    /// One value of a property in a manifest, in characters.
    public static final int PROPERTY_VALUE = 16 << 10;

    /// One entry of the replicated log: what one command leads to, or several that were decided together.
    public static final int ENTRY = 3 * MIB;

    /// An entry as the engine of the log takes it, with its seal and its envelope.
    public static final int ENGINE_ENTRY = 4 * MIB;

    private Limits() {}
}
