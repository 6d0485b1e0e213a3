package dev.mainstay.service.control;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import dev.mainstay.service.log.ReplicatedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes commands, has the leader decide them one after another, and keeps this node's state.
///
/// While this node leads, its thread drains the queue, decides everything in it against the state as it evolves,
/// writes one entry for all, waits until it is applied, answers the callers and goes on.
///
/// **Threads:** any; one platform thread named `controller` decides.
/// **Errors:** an exception in a rule or a watcher is a bug: nothing is decided or applied any more and `onBug`
/// is
/// told, which ends the process.
public final class Controller implements Cluster, AutoCloseable {
    /// Commands that may wait: a hundred times what a cluster decides in one entry. More are refused as busy.
    static final int QUEUE_LIMIT = 4_096;

    /// Commands in one entry; keeps an entry well below the log's limit.
    static final int BATCH_LIMIT = 256;

    /// A deadline whose passing decided nothing is not announced again before this.
    private static final Duration DEADLINE_PAUSE = Duration.ofMillis(100);

    /// How long the controller sleeps when no deadline is set; anything that matters wakes it.
    private static final Duration IDLE = Duration.ofSeconds(10);

    /// Nothing tells when another node is first heard to lead, so a waiting caller looks this often.
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

    private static final Submitted WAKE =
            new Submitted(new Request("", "", "", new Command.PassDeadline(), true), new CompletableFuture<>());

    private final Rules rules;
    private final ClusterClock clock;
    private final RecentAnswers answers = new RecentAnswers();
    private final Replication replication;
    private final Batches batches;
    private final BlockingQueue<Submitted> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Thread thread;
    /// Set once by `start`, read by anyone.
    private volatile @Nullable ReplicatedLog log;

    /// Told when this node begins to lead or no longer does.
    private final Object leadershipChanges = new Object();

    private volatile long turnedAtNanos = System.nanoTime();
    private volatile boolean started;
    private volatile boolean leads;
    private volatile boolean closed;
    /// Until when a deadline is not announced again because the last time had no effect; by the clock of the
    /// process.
    private long announceFromNanos = System.nanoTime();

    /// A request and who waits for its answer.
    record Submitted(Request request, CompletableFuture<Answer> answer) {}

    /// @param onBug is told once when a rule or a watcher failed; should end the process
    public Controller(String clusterName, Rules rules, ClusterClock clock, Consumer<Throwable> onBug) {
        this.rules = rules;
        this.clock = clock;
        this.replication = new Replication(ClusterState.empty(clusterName), rules, answers, clock, onBug);
        this.batches = new Batches(rules, answers, replication, clock);
        this.thread = Thread.ofPlatform().name("controller").unstarted(this::run);
    }

    /// Opens the log and takes part. Watchers added before see what the log replays.
    public void start(LogOpener opener) throws IOException {
        log = opener.open(new Member());
        opened.countDown();
        turnedAtNanos = System.nanoTime();
        started = true;
        thread.start();
    }

    @Override
    public ClusterState state() {
        return replication.state();
    }

    @Override
    public Optional<NodeId> leader() {
        var running = log;
        return running == null ? Optional.empty() : running.leader();
    }

    /// Whether this node decides at the moment.
    public boolean leads() {
        return leads;
    }

    /// How long ago the thread that decides began a turn; none is longer than what it waits for in it. Zero before
    /// its start, which may take as long as the log is long.
    public Duration lastTurn() {
        return started ? Duration.ofNanos(System.nanoTime() - turnedAtNanos) : Duration.ZERO;
    }

    @Override
    public void watch(Watcher watcher) {
        replication.watch(watcher);
    }

    /// Waits until some node is known to lead; false when the limit passes before.
    public boolean awaitLeader(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (leadershipChanges) {
            while (!leads && leader().isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                leadershipChanges.wait(Math.min(left, LOOK_INTERVAL.toMillis()));
            }
            return true;
        }
    }

    /// Waits until a revision is applied here; false when the limit passes before.
    public boolean awaitRevision(long revision, Duration limit) throws InterruptedException {
        return replication.awaitRevision(revision, limit);
    }

    @Override
    public CompletableFuture<Answer> submit(Request request) {
        if (leads) {
            return enqueue(request);
        }
        var running = log;
        if (running == null || closed) {
            return CompletableFuture.completedFuture(Unavailability.noLeader("this node does not take part"));
        }
        return running.askLeader(WireCodec.encode(Request.class, request)).handle(Controller::answerOf);
    }

    private static Answer answerOf(byte @Nullable [] bytes, @Nullable Throwable error) {
        if (bytes == null) {
            return Unavailability.of(
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
        }
        try {
            return WireCodec.decode(Answer.class, bytes);
        } catch (MalformedException e) {
            return new Answer.Unknown("the leader's answer cannot be read: " + e.getMessage());
        }
    }

    private CompletableFuture<Answer> enqueue(Request request) {
        var submitted = new Submitted(request, new CompletableFuture<>());
        if (closed || replication.broken()) {
            submitted.answer.complete(Unavailability.noLeader("this cluster service ends"));
        } else if (!queue.offer(submitted)) {
            submitted.answer.complete(Unavailability.busy(QUEUE_LIMIT));
        } else if (closed) {
            drainUnanswered();
        }
        return submitted.answer;
    }

    private void run() {
        try {
            while (!closed && !replication.broken()) {
                turnedAtNanos = System.nanoTime();
                turn();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            replication.bug("deciding at revision %d".formatted(state().revision()), e);
        } finally {
            drainUnanswered();
        }
    }

    private void turn() throws InterruptedException {
        var batch = new ArrayList<Submitted>();
        var first = queue.poll(untilDeadline().toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, BATCH_LIMIT - 1);
            batch.removeIf(submitted -> submitted.equals(WAKE));
        }
        if (!leads) {
            batch.forEach(submitted ->
                    submitted.answer.complete(Unavailability.noLeader("this node does not lead any more")));
            return;
        }
        var now = clock.at(state());
        deadlineDue(now).ifPresent(due -> batch.addFirst(passing(due)));
        var running = log;
        if (!batch.isEmpty() && running != null) {
            batches.decide(batch, now, running);
        }
    }

    private Submitted passing(Instant due) {
        var request =
                new Request("", "clock", "the deadline %s passed".formatted(due), new Command.PassDeadline(), false);
        var submitted = new Submitted(request, new CompletableFuture<>());
        var _ = submitted.answer.thenAccept(answer -> {
            // Without an effect it is due still: comes again after a pause, not at once for ever.
            boolean effect =
                    answer instanceof Answer.Done done && !done.events().isEmpty();
            announceFromNanos = System.nanoTime() + (effect ? 0 : DEADLINE_PAUSE.toNanos());
        });
        return submitted;
    }

    @Override
    public Optional<String> shortage() {
        var running = log;
        return running == null ? Optional.empty() : running.shortage();
    }

    @Override
    public Instant wallTimeOf(Instant clusterTime) {
        return clock.wallTimeOf(clusterTime, state());
    }

    private Optional<Instant> deadlineDue(Instant now) {
        return System.nanoTime() - announceFromNanos < 0
                ? Optional.empty()
                : rules.nextDeadline(state()).filter(due -> !due.isAfter(now));
    }

    private Duration untilDeadline() {
        if (!leads) {
            return IDLE;
        }
        var now = clock.at(state());
        var wait = rules.nextDeadline(state())
                .map(due -> Duration.between(now, due))
                .filter(left -> left.compareTo(IDLE) < 0)
                .orElse(IDLE);
        var pause = Duration.ofNanos(announceFromNanos - System.nanoTime());
        wait = wait.compareTo(pause) < 0 ? pause : wait;
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private void drainUnanswered() {
        var left = new ArrayList<Submitted>();
        queue.drainTo(left);
        left.forEach(submitted -> submitted.answer.complete(Unavailability.noLeader("this cluster service ends")));
    }

    /// Stops deciding, answers who waits, and closes the log.
    @Override
    public void close() {
        closed = true;
        leads = false;
        var running = log;
        if (running != null) {
            running.close();
        }
        thread.interrupt();
        drainUnanswered();
    }

    /// What the log calls.
    private final class Member implements ReplicatedLog.Replica {
        @Override
        public void apply(byte[] entry) {
            replication.apply(entry);
        }

        @Override
        public byte[] snapshot() {
            return new Snapshot(state(), answers.fromEntries()).encode();
        }

        @Override
        public void restore(byte[] snapshot) {
            replication.restore(snapshot);
        }

        @Override
        public CompletableFuture<byte[]> answer(byte[] question) {
            try {
                return enqueue(WireCodec.decode(Request.class, question))
                        .thenApply(answer -> WireCodec.encode(Answer.class, answer));
            } catch (MalformedException e) {
                return CompletableFuture.completedFuture(WireCodec.encode(
                        Answer.class, new Answer.Unknown("the request cannot be read: " + e.getMessage())));
            }
        }

        @Override
        public void leadership(boolean now) {
            synchronized (leadershipChanges) {
                leads = now && !closed;
                leadershipChanges.notifyAll();
            }
            // Deadlines are this node's business now. A full queue wakes the controller as well.
            var _ = queue.offer(WAKE);
        }
    }
}
