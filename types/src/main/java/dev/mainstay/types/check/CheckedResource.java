package dev.mainstay.types.check;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/// A resource that is nothing but a check: online while something elsewhere answers.
///
/// **Threads:** the only state is the count of bad answers, which online and the checks touch, one at a time.
final class CheckedResource implements EntryPoints {
    /// A check that is late on a starved node is undecided, not dead, before it is late this often in a row.
    private static final int LATE_IN_A_ROW_MIN = 3;

    private final ResourceContext context;
    private final Check check;
    private final Duration timeout;
    private final long failuresBeforeDead;
    private int badInARow;

    CheckedResource(ResourceContext context, Check check) {
        this.context = context;
        this.check = NamedCheck.inTime(check);
        this.timeout = context.properties().duration("timeout");
        this.failuresBeforeDead = context.properties().integer("failuresBeforeDead");
    }

    @Override
    public Outcome online(Operation operation) {
        return operation.pending(progress -> {
            new Checks(List.of(check), timeout)
                    .awaitHealthy(
                            context.resource(),
                            context.properties().duration("startGrace"),
                            () -> !progress.cancelled(),
                            progress);
            badInARow = 0;
            // nothing runs for it here: a later monitor has but to ask again
            operation.adoptable(new AdoptionRecord(List.of(), "", ""));
        });
    }

    @Override
    public Outcome offline(Operation operation) {
        return Outcome.DONE;
    }

    @Override
    public void terminate(Reason reason) {
        // nothing of it runs
    }

    @Override
    public Health looksAlive() {
        return isAlive();
    }

    @Override
    public Health isAlive() {
        try {
            return switch (check.ask(timeout)) {
                case Check.Answer.Healthy _ -> {
                    badInARow = 0;
                    yield Health.alive();
                }
                case Check.Answer.Unhealthy(var why) -> bad(why, false);
                case Check.Answer.TimedOut(var why) -> bad(why, true);
            };
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    private Health bad(String why, boolean late) {
        badInARow++;
        var evidence = check.target() + ": " + why + (badInARow == 1 ? "" : ", %d times in a row".formatted(badInARow));
        if (badInARow < failuresBeforeDead) {
            context.logger()
                    .log(Level.WARNING, "{0}; it counts as failed from {1} times on", evidence, failuresBeforeDead);
            return Health.alive();
        }
        return late && badInARow < LATE_IN_A_ROW_MIN ? new Health.Undecided(evidence) : Health.dead(evidence);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
