package dev.mainstay.api;

import java.time.Duration;

/// How a changing request is to be carried out.
///
/// @param waitLimit how long the service waits for the wanted state before it answers `pending`; zero: not at all
/// @param dryRun only says what would happen
/// @param ignoreLock also when a resource is locked
public record Terms(Duration waitLimit, boolean dryRun, boolean ignoreLock) {
    /// Asks and does not wait for the wanted state.
    public static final Terms AT_ONCE = new Terms(Duration.ZERO, false, false);

    /// Waits for the wanted state.
    public static Terms waiting(Duration limit) {
        return new Terms(limit, false, false);
    }
}
