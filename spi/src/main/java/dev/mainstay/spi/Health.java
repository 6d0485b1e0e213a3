package dev.mainstay.spi;

/// The verdict of a check.
public sealed interface Health {
    /// The resource is fine.
    record Alive() implements Health {}

    /// The resource has failed.
    ///
    /// @param evidence what was seen, in words for the operator
    record Dead(String evidence) implements Health {}

    /// The check could not tell, for example because it was starved itself; never a failure by itself.
    ///
    /// @param why what kept the check from an answer
    record Undecided(String why) implements Health {}

    /// The resource is fine.
    static Health alive() {
        return new Alive();
    }

    /// The check could not tell, because of `why`.
    static Health undecided(String why) {
        return new Undecided(why);
    }

    /// The resource has failed because of `evidence`.
    static Health dead(String evidence) {
        return new Dead(evidence);
    }
}
