package dev.mainstay.core.state;

/// What else was observed of a resource, whatever its state; each text is empty while it does not hold.
///
/// It is gone when the resource leaves its node or its monitor is lost: nobody vouches for it any more.
///
/// @param locked why it must not be moved or taken offline
/// @param embeddedFailure evidence of a failure inside it
/// @param networkLoss evidence that a network it serves on is gone
/// @param ignoredFailure evidence of a failure that is only noted, because it is in maintenance
/// @param lasting whether it failed by what no repetition on this node mends
public record Conditions(
        String locked, String embeddedFailure, String networkLoss, String ignoredFailure, boolean lasting) {
    /// Nothing else holds.
    public static final Conditions NONE = new Conditions("", "", "", "");

    /// Conditions of a resource that did not fail by something that lasts.
    public Conditions(String locked, String embeddedFailure, String networkLoss, String ignoredFailure) {
        this(locked, embeddedFailure, networkLoss, ignoredFailure, false);
    }
}
