package dev.mainstay.types.ocf;

import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/// Which check level IsAlive asks for.
///
/// A level that was set is asked, whatever comes of it. Otherwise it is the deepest level that the agent
/// advertises and that succeeded right after the start: agents advertise levels that fail until they are told
/// what to ask.
///
/// **Threads:** settled by online, read by checks, which follow it.
final class CheckLevels {
    static final String DEEPEST = "deepest";
    private static final String LEVEL = "\\d{1,4}";

    private final String resource;
    private final Optional<Integer> set;
    private final List<Integer> advertised;
    private volatile int chosen;

    private CheckLevels(String resource, Optional<Integer> set, List<Integer> advertised) {
        this.resource = resource;
        this.set = set;
        this.advertised = List.copyOf(advertised);
        this.chosen = set.orElse(0);
    }

    static CheckLevels of(ResourceContext context, Metadata metadata) throws ResourceFailure {
        var text = context.properties().text("checkLevel");
        if (!text.equals(DEEPEST) && !text.matches(LEVEL)) {
            throw new ResourceFailure(
                    "opening '%s': checkLevel '%s' is no check level. Write 'deepest' or a number such as 0, 10 or 20"
                            .formatted(context.resource(), text));
        }
        return new CheckLevels(context.resource(), level(text), metadata.levels());
    }

    private static Optional<Integer> level(String text) {
        return Optional.of(text).filter(one -> one.matches(LEVEL)).map(Integer::valueOf);
    }

    int chosen() {
        return chosen;
    }

    /// Takes the level that a monitor before this one had chosen.
    void choose(String before) {
        chosen = set.or(() -> level(before)).orElse(0);
    }

    /// Asks a resource that was just started, and chooses the level by its answers.
    ///
    /// **Errors:** [ResourceFailure] when it does not run, or does not at the level that was set.
    void settle(Actions actions, Logger logger) throws ResourceFailure, InterruptedException {
        require(actions, 0);
        if (set.isPresent()) {
            if (set.get() > 0) {
                require(actions, set.get());
            }
            return;
        }
        for (var level : advertised) {
            if (level == 0) {
                chosen = 0;
                return;
            }
            var ended = actions.monitor(level);
            if (ended.runs()) {
                chosen = level;
                return;
            }
            logger.log(
                    Level.WARNING,
                    "check level {0} is not used until the next start: {1}. Set what it asks for, or checkLevel",
                    Integer.toString(level),
                    ended.words());
        }
    }

    private void require(Actions actions, int level) throws ResourceFailure, InterruptedException {
        var ended = actions.monitor(level);
        if (!ended.runs()) {
            throw new ResourceFailure("bringing '%s' online: its start succeeded, but %s. %s"
                    .formatted(resource, ended.words(), ended.advice()));
        }
    }
}
