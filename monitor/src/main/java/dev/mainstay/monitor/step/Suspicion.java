package dev.mainstay.monitor.step;

/// Why a resource that serves may have failed.
///
/// @param evidence the first sign in words, empty for none
/// @param seenAt when the first sign was seen, in microseconds since 1970, 0 for none
/// @param undecided how many IsAlive answers in a row could not tell
record Suspicion(String evidence, long seenAt, int undecided) {
    static final Suspicion NONE = new Suspicion("", 0, 0);

    boolean raised() {
        return seenAt > 0;
    }

    /// This suspicion after another sign: the first one counts.
    Suspicion seen(String sign, long at) {
        return raised() ? this : new Suspicion(sign, at, undecided);
    }

    Suspicion stillUndecided() {
        return new Suspicion(evidence, seenAt, undecided + 1);
    }
}
