package dev.mainstay.types.node;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Finished;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A check made by a child process, because it may hang where nothing can interrupt it.
///
/// At most one child at a time: one that hangs in the kernel cannot be ended, and a second would hang beside
/// it. A check that takes longer than a call should answers with the last verdict; when the new one is bad,
/// it is raised.
///
/// **Threads:** one call at a time.
/// **Time:** [#health] returns within [#PATIENCE], whatever the child does.
public final class ChildCheck {
    /// Less than the 300 ms an entry point should take.
    private static final Duration PATIENCE = Duration.ofMillis(250);

    /// The child is killed a little later than it is called hanging, so that one can see where it hung.
    private static final Duration KILLED_LATER = Duration.ofSeconds(1);

    /// The first argument is the file that receives the child's pid; what follows is the command.
    private static final String TELL_PID = "echo $$ >\"$0\"; exec \"$@\"";

    /// How a check is made.
    ///
    /// @param subject what is checked, for the operator
    /// @param line the command; exit code 0 means healthy, otherwise its output is the evidence
    /// @param directory a folder of this node in which the command runs
    /// @param causes who else may be the reason when it hangs, each in words; asked then
    public record Way(
            String subject, List<String> line, Path directory, Duration limit, Supplier<List<String>> causes) {
        /// Copies the list.
        public Way {
            line = List.copyOf(line);
        }
    }

    private final Processes processes;
    private final Way way;
    private final FailureSignal signal;
    // read by the next call, written by the thread that waits for the child
    private volatile Optional<CompletableFuture<Health>> running = Optional.empty();
    private volatile Optional<Thread> child = Optional.empty();
    private volatile Health last = Health.alive();

    /// A check that has not been made yet.
    public ChildCheck(Processes processes, Way way, FailureSignal signal) {
        this.processes = processes;
        this.way = way;
        this.signal = signal;
    }

    /// The verdict of a new check if it comes soon, otherwise the last one.
    public Health health() {
        var current = running;
        if (current.isPresent() && !current.get().isDone()) {
            return last;
        }
        var begun = new CompletableFuture<Health>();
        running = Optional.of(begun);
        var verdict = new CompletableFuture<Health>();
        Thread.ofVirtual().name("check of " + way.subject()).start(() -> make(begun, verdict));
        try {
            return verdict.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException later) {
            var _ = verdict.thenAccept(this::raise);
            return last;
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a check always ends with a verdict", bug);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    /// Ends the child of a check that is under way, so that it does not stand in the way of what comes next.
    ///
    /// **Time:** a second at most; a child that hangs in the kernel stays.
    ///
    /// @return whether no child is left
    public boolean end() throws InterruptedException {
        var current = running;
        child.ifPresent(Thread::interrupt);
        if (current.isEmpty()) {
            return true;
        }
        try {
            current.get().get(KILLED_LATER.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException stays) {
            return false;
        }
    }

    private void raise(Health verdict) {
        if (verdict instanceof Health.Dead(var evidence)) {
            signal.raise(evidence);
        }
    }

    /// @param ended completed when no child is left
    /// @param verdict completed at the time limit at the latest
    private void make(CompletableFuture<Health> ended, CompletableFuture<Health> verdict) {
        var finished = new CompletableFuture<Health>();
        child = Optional.of(
                Thread.ofVirtual().name("child of check of " + way.subject()).start(() -> finished.complete(run())));
        Health answer;
        try {
            answer = finished.get(way.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer = Health.dead(hangs());
        } catch (ExecutionException | InterruptedException bug) {
            answer = new Health.Undecided("the check was given up: " + bug);
        }
        last = answer;
        verdict.complete(answer);
        var _ = finished.thenAccept(ended::complete);
    }

    private Health run() {
        var line = new ArrayList<>(List.of("sh", "-c", TELL_PID, pidFile().toString()));
        line.addAll(way.line());
        var command =
                new Command(line, Map.of(), "", way.directory(), way.directory().resolve("check.log"));
        try {
            Files.deleteIfExists(pidFile());
            return verdict(processes.run(command, way.limit().plus(KILLED_LATER)));
        } catch (ResourceFailure | IOException | RuntimeException e) {
            return Health.dead("%s cannot be checked: %s".formatted(way.subject(), e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    private Health verdict(Finished finished) {
        if (finished.timedOut()) {
            return Health.dead("%s did not answer".formatted(way.subject()));
        }
        return finished.exitCode() == 0
                ? Health.alive()
                : Health.dead("%s failed its check: %s"
                        .formatted(way.subject(), finished.output().strip()));
    }

    private String hangs() {
        var words = "%s did not answer in %d ms"
                .formatted(way.subject(), way.limit().toMillis());
        var stuck = pid().map(ChildCheck::stuck).orElse(List.of());
        return Stream.concat(
                        Stream.of(words),
                        Stream.concat(stuck.stream().map(ChildCheck::words), way.causes().get().stream()))
                .collect(Collectors.joining("; "));
    }

    /// The processes that keep the check from its end: those that wait in the kernel, or else the last of the
    /// line.
    private static List<ProcessTable.Entry> stuck(long pid) {
        var all = ProcessTable.all();
        var tree = new HashSet<Long>(List.of(pid));
        while (all.stream().filter(entry -> tree.contains(entry.parent())).anyMatch(entry -> tree.add(entry.pid()))) {
            // until a look finds nobody new
        }
        var mine = all.stream().filter(entry -> tree.contains(entry.pid())).toList();
        var waiting = mine.stream().filter(ChildCheck::waitsUninterruptibly).toList();
        return waiting.isEmpty() ? mine.subList(Math.max(0, mine.size() - 1), mine.size()) : waiting;
    }

    private static boolean waitsUninterruptibly(ProcessTable.Entry process) {
        return ProcessTable.spokesman(process.pid())
                .filter(thread -> thread.state() == 'D')
                .isPresent();
    }

    private static String words(ProcessTable.Entry process) {
        var thread = ProcessTable.spokesman(process.pid()).orElse(process);
        return "process %d (%s) in state %s at %s"
                .formatted(
                        process.pid(),
                        ProcessTable.name(process.pid()),
                        thread.state(),
                        ProcessTable.waitsIn(thread.pid()));
    }

    private Optional<Long> pid() {
        try {
            return Optional.of(Long.parseLong(Files.readString(pidFile()).strip()));
        } catch (IOException | NumberFormatException notYet) {
            return Optional.empty();
        }
    }

    private Path pidFile() {
        return way.directory().resolve("check.pid");
    }
}
