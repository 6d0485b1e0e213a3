package dev.mainstay.monitor.host;

import dev.mainstay.spi.ResourceFailure;

/// Turns what an entry point threw into words for the operator.
final class Words {
    private Words() {}

    /// The message of a failure that the type foresaw; anything else is named by its class as well.
    static String of(Throwable thrown) {
        var message = thrown.getMessage();
        if ((thrown instanceof ResourceFailure || thrown instanceof NotRecorded) && message != null) {
            return message;
        }
        var where = thrown.getStackTrace().length == 0 ? "" : " at " + thrown.getStackTrace()[0];
        return thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message) + where;
    }
}
