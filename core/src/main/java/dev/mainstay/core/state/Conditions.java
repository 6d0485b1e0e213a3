package dev.mainstay.core.state;

/// What else was observed of a resource, whatever its state; each text is empty while it does not hold.
///
/// It is gone when the resource leaves its node or its monitor is lost: nobody vouches for it any more.
///
/// @param locked why it must not be moved or taken offline
/// @param embeddedFailure evidence of a failure inside it
/// @param networkLoss evidence that a network it serves on is gone
/// @param ignoredFailure evidence of a failure that is only noted, because it is in maintenance
public record Conditions(String locked, String embeddedFailure, String networkLoss, String ignoredFailure) {
    /// Nothing else holds.
    public static final Conditions NONE = new Conditions("", "", "", "");
}
