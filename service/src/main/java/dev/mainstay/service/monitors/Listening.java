package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Silence;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one monitor in each period whether it is there, and judges its silence: shown at once, given up after the
/// limit, unless it is the node that does not let it go on; then later, but not never.
///
/// **Threads:** one, which it never blocks.
final class Listening {
    /// A monitor that gets no processor is waited for this many limits: on a node that is starved for longer than
    /// that, an operator had better see it end than wait.
    static final int STARVED_LIMITS = 6;

    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final String monitor;
    private final Silence.Rule rule;
    private final Standing standing;
    private final MonitorListener listener;
    private final LongFunction<Optional<Effort>> efforts;
    private long number;
    private Optional<Begun> begun = Optional.empty();

    /// A silence under way.
    ///
    /// @param effort how its process stood when it began
    private record Begun(MonitorLink link, Instant since, Duration counted, Optional<Effort> effort) {}

    Listening(
            String monitor,
            Silence.Rule rule,
            Standing standing,
            MonitorListener listener,
            LongFunction<Optional<Effort>> efforts) {
        this.monitor = monitor;
        this.rule = rule;
        this.standing = standing;
        this.listener = listener;
        this.efforts = efforts;
    }

    /// Asks and judges; answers why the monitor is to be given up, if it is.
    ///
    /// @param asks whether this service goes on itself: one that hangs blames nobody
    Optional<String> look(MonitorLink link, MonitorProcess process, boolean asks, long nowNanos) {
        if (begun.filter(one -> one.link != link).isPresent()) {
            begun = Optional.empty();
        }
        if (!asks) {
            link.silence().skip(nowNanos);
            return Optional.empty();
        }
        link.beat(++number, rule);
        return switch (link.silence().look(nowNanos)) {
            case HEARD -> {
                heard();
                yield Optional.empty();
            }
            case SILENT -> {
                silent(link, process);
                yield Optional.empty();
            }
            case OVER -> {
                silent(link, process);
                yield over(link.silence(), process);
            }
        };
    }

    private void heard() {
        begun.ifPresent(one -> {
            var text = "monitor '%s' answers again; it was silent since %s".formatted(monitor, one.since);
            LOG.info("{}", text);
            standing.answers();
            listener.answers(monitor, text);
        });
        begun = Optional.empty();
    }

    private void silent(MonitorLink link, MonitorProcess process) {
        if (begun.isPresent()) {
            return;
        }
        var silence = link.silence();
        begun = Optional.of(new Begun(link, since(silence), silence.lasted(), efforts.apply(process.pid())));
        standing.silent(since(silence));
        var text = ("monitor '%s' (pid %d) is not answering since %s (%s). What is shown of its resources is what was "
                        + "last known; after %d s of silence it is killed and replaced%s")
                .formatted(
                        monitor,
                        process.pid(),
                        since(silence),
                        StillLife.inWords(process.pid()),
                        rule.limit().toSeconds(),
                        process.debugPort() > 0 ? ", but not while a debugger may be at it" : "");
        LOG.warn("{}", text);
        listener.silent(monitor, text);
    }

    private static Instant since(Silence silence) {
        return silence.heardAt().truncatedTo(ChronoUnit.MILLIS);
    }

    private Optional<String> over(Silence silence, MonitorProcess process) {
        var lasted = silence.lasted();
        if (process.debugPort() > 0) {
            return Optional.empty();
        }
        boolean starved = begun.flatMap(one -> efforts.apply(process.pid())
                        .flatMap(now -> one.effort.map(before -> now.starvedSince(before, lasted.minus(one.counted)))))
                .orElse(false);
        if (starved && lasted.compareTo(rule.limit().multipliedBy(STARVED_LIMITS)) < 0) {
            return Optional.empty();
        }
        return Optional.of("it did not answer for %d s, since %s (%s)%s"
                .formatted(
                        lasted.toSeconds(),
                        since(silence),
                        StillLife.inWords(process.pid()),
                        starved ? ", on a node that gives it no processor time" : ""));
    }
}
