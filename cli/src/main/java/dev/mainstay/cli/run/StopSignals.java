package dev.mainstay.cli.run;

import sun.misc.Signal;

/// Ctrl-C and its relatives.
///
/// A shutdown hook would not do: the JDK tells it of the first Ctrl-C only, and a second one has a meaning here.
final class StopSignals {
    private StopSignals() {}

    /// Tells `listener` of each one, on a thread of the JDK.
    static void tell(Runnable listener) {
        for (var name : new String[] {"INT", "TERM", "HUP"}) {
            Signal.handle(new Signal(name), _ -> listener.run());
        }
    }
}
