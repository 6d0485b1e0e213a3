package dev.mainstay.types.check;

import dev.mainstay.spi.Health;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// All checks of one resource: how they are asked until it serves, and while it does.
///
/// **Threads:** one call at a time, by the contract of the entry points.
public final class Checks {
    /// A check that times out on a starved node is undecided, not dead, this many times in a row.
    private static final int UNDECIDED_IN_A_ROW_MAX = 2;

    /// A program that starts fast is seen fast; one that is slow is not asked to death.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final List<Check> checks;
    private final Duration timeout;
    private int undecidedInARow;

    /// Asks in this order, each for `timeout` at most.
    public Checks(List<Check> checks, Duration timeout) {
        this.checks = checks.stream().map(NamedCheck::inTime).toList();
        this.timeout = timeout;
    }

    /// Reads the section `check`.
    public static Checks of(ResourceContext context, Command template) throws ResourceFailure {
        var properties = context.properties();
        var checks = servers(context.resource(), properties);
        if (!properties.list("check.command").isEmpty()) {
            checks.add(new Check.Run(
                    context.processes(),
                    new Command(
                            properties.list("check.command"),
                            template.environment(),
                            template.user(),
                            template.workingDirectory(),
                            context.directory().resolve("check.log"),
                            template.logLimits())));
        }
        return new Checks(checks, properties.duration("check.timeout"));
    }

    /// The checks of that section that ask a server.
    public static List<Check> servers(String resource, Properties properties) throws ResourceFailure {
        var checks = new ArrayList<Check>();
        if (!properties.text("check.http").isEmpty()) {
            checks.add(HttpCheck.of(resource, "check.http", properties.text("check.http")));
        }
        if (!properties.text("check.tcp").isEmpty()) {
            checks.add(Check.Tcp.of(resource, "check.tcp", properties.text("check.tcp")));
        }
        return checks;
    }

    /// Whether there is nobody to ask.
    public boolean isEmpty() {
        return checks.isEmpty();
    }

    /// Waits until every check succeeds once.
    ///
    /// What is waited for is a checkpoint: told when it changes, and once a minute while it stays the same,
    /// so that the pending timeout does not cut a longer `grace` short.
    ///
    /// **Errors:** [ResourceFailure] when `grace` is over or `alive` says that there is nobody left to ask.
    public void awaitHealthy(String resource, Duration grace, BooleanSupplier alive, Progress progress)
            throws ResourceFailure, InterruptedException {
        var begin = System.nanoTime();
        var pause = FIRST_PAUSE;
        var told = "";
        var known = Optional.<Trouble>empty();
        while (alive.getAsBoolean()) {
            var passed = Duration.ofNanos(System.nanoTime() - begin);
            var left = grace.minus(passed);
            var limit = left.compareTo(timeout) < 0 ? left : timeout;
            var trouble = trouble(limit.isPositive() ? limit : FIRST_PAUSE);
            if (trouble.isEmpty()) {
                undecidedInARow = 0;
                return;
            }
            // a try that the end of the grace cut short says less than the one before
            var cutShort = trouble.get().late() && limit.compareTo(timeout) < 0;
            known = cutShort && known.isPresent() ? known : trouble;
            passed = Duration.ofNanos(System.nanoTime() - begin);
            if (passed.compareTo(grace) >= 0) {
                throw new ResourceFailure(
                        "waiting for '%s' to serve: not within startGrace (%d ms); its check says: %s. Look at its log, or raise startGrace"
                                .formatted(
                                        resource, grace.toMillis(), known.get().evidence()));
            }
            var words = waiting(known.get(), passed);
            if (!words.equals(told)) {
                told = words;
                progress.checkpoint(words);
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(3).dividedBy(2);
            pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        }
    }

    private static String waiting(Trouble trouble, Duration passed) {
        var words = "waiting for %s (%s)".formatted(trouble.target(), trouble.why());
        return passed.toMinutes() == 0 ? words : "%s, for %d min".formatted(words, passed.toMinutes());
    }

    /// Asks every check once.
    public Health health() {
        try {
            var trouble = trouble(timeout);
            if (trouble.isEmpty()) {
                undecidedInARow = 0;
                return Health.alive();
            }
            return trouble.get().late()
                    ? late(trouble.get().evidence())
                    : Health.dead(trouble.get().evidence());
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    private Health late(String evidence) {
        undecidedInARow++;
        return undecidedInARow > UNDECIDED_IN_A_ROW_MAX
                ? Health.dead("%s, %d times in a row".formatted(evidence, undecidedInARow))
                : new Health.Undecided(evidence);
    }

    /// Why a check did not succeed.
    private record Trouble(String target, String why, boolean late) {
        String evidence() {
            return target + ": " + why;
        }
    }

    private Optional<Trouble> trouble(Duration limit) throws InterruptedException {
        for (var check : checks) {
            switch (check.ask(limit)) {
                case Check.Answer.Healthy _ -> {}
                case Check.Answer.Unhealthy(var why) -> {
                    return Optional.of(new Trouble(check.target(), why, false));
                }
                case Check.Answer.TimedOut(var why) -> {
                    return Optional.of(new Trouble(check.target(), why, true));
                }
            }
        }
        return Optional.empty();
    }
}
