package dev.mainstay.monitor.host;

import dev.mainstay.spi.FailureKind;
import java.util.Map;

/// What an open resource may tell its monitor at any time.
///
/// **Threads:** any; never blocks, and keeps at most one of each kind waiting, however often it is called.
interface Signals {
    /// Something has failed.
    void failed(FailureKind kind, String evidence);

    /// Whether it is locked, and what it publishes, has changed.
    ///
    /// @param locked why, or empty
    /// @param published all values
    void described(String locked, Map<String, String> published);
}
