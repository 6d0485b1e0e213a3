package dev.mainstay.monitor.host;

import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceFailure;

/// Turns what an entry point threw into words for the operator: once, on the thread of the call and while it is
/// still watched, since the methods of an exception of a type are code of that type, too.
final class Words {
    private Words() {}

    /// Whether the type says that no repetition mends it.
    static boolean lasting(Throwable thrown) {
        return thrown instanceof LastingFailure || (thrown instanceof Told told && told.lasting);
    }

    /// The message of a failure that the type foresaw; anything else is named by its class as well.
    static String of(Throwable thrown) {
        if (thrown instanceof Told told) {
            return told.words;
        }
        var message = Texts.message(thrown);
        if ((thrown instanceof ResourceFailure || thrown instanceof NotRecorded) && message != null) {
            return message;
        }
        var frames = Texts.frames(thrown);
        var name = thrown.getClass().getSimpleName();
        return Texts.cut(
                name + (message == null ? "" : ": " + message) + (frames.isEmpty() ? "" : " at " + frames.getFirst()),
                Limits.TEXT);
    }

    /// What was thrown, in words that nothing of the type can change any more.
    static Told told(Throwable thrown) {
        return thrown instanceof Told told ? told : new Told(of(thrown), lasting(thrown));
    }

    /// What a check found, with evidence of a bounded length.
    static Health judged(Health found) {
        return switch (found) {
            case Health.Alive alive -> alive;
            case Health.Dead(var evidence) -> new Health.Dead(Texts.cut(evidence, Limits.TEXT));
            case Health.Undecided(var why) -> new Health.Undecided(Texts.cut(why, Limits.TEXT));
        };
    }

    /// What an entry point threw, in words.
    static final class Told extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String words;
        private final boolean lasting;

        private Told(String words, boolean lasting) {
            super(words, null, false, false);
            this.words = words;
            this.lasting = lasting;
        }
    }
}
