package dev.mainstay.types.filesystem;

import java.util.Locale;

/// How far an unmount may go against the processes that hold the file system.
enum OnBusy {
    /// Nobody is ended: they are named, and waited for.
    WAIT,
    /// They are asked to end.
    TERM,
    /// They are asked to end, then killed.
    KILL;

    static OnBusy of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    boolean reaches(OnBusy step) {
        return compareTo(step) >= 0;
    }
}
