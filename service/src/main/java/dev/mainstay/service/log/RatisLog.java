package dev.mainstay.service.log;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.protocol.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The replicated log on Apache Ratis; one node is a group of one voter.
///
/// When the disk is full, changes are refused before the engine notices ([DiskRoom]). Should the engine fail to
/// write all the same, its run is ended and another one is started in this process as soon as there is room: the
/// entries already applied come again and are ignored by the replica, which knows its revision.
///
/// **Threads:** any. **Source:** ADR 0002.
public final class RatisLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);

    /// An entry that is not applied by then has lost its majority or its disk.
    static final Duration PROPOSE_LIMIT = Duration.ofSeconds(10);

    /// First and longest wait before a failed engine is started again; it doubles in between.
    private static final Duration REOPEN_FIRST = Duration.ofMillis(100);

    private static final Duration REOPEN_LONGEST = Duration.ofSeconds(30);

    /// A node alone leads a fraction of a second after its engine was opened; one that does not after this has an
    /// engine that stands still.
    private static final Duration LEAD_LIMIT = Duration.ofSeconds(20);

    /// Runs that failed after they were opened, one soon after the other: the next start of the process looks at
    /// the files.
    private static final int FAILURES_MAX = 5;

    /// A run that lasted this long is no failure of the opening.
    private static final Duration LONG_RUN = Duration.ofMinutes(1);

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    /// The largest entry, sealed, in bytes: leaves room for the engine's envelope.
    static final int ENTRY_MOST = Limits.ENGINE_ENTRY - (64 << 10);

    /// How long a member waits for a leader before it asks the others whether they have the same key.
    private static final Duration MEET_INTERVAL = Duration.ofSeconds(5);

    private final Membership membership;
    private final NodeId self;
    private final Path directory;
    private final RatisSettings.Sizes sizes;
    private final Replica replica;
    private final Consumer<Throwable> onFatal;
    private final DiskRoom room;
    private final LeaderQuestions questions;
    private final Map<Long, CompletableFuture<Void>> inFlight = new ConcurrentHashMap<>();
    private final AtomicLong proposals = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    /// The present run; absent while it is being started again. Written under the lock, read by anyone.
    private volatile @Nullable RatisEngine engine;

    /// The run that was closed; written by [#close].
    private volatile @Nullable RatisEngine last;

    /// Why there is no run.
    private volatile String trouble = "it is not open yet";

    /// The last entry applied, by any run.
    private volatile long applied = -1;

    /// When the present run was opened, and how many before it failed soon after.
    private long openedAt;

    private int failures;

    /// Number of the present run: a late message of an earlier one is ignored.
    private int run;

    private RatisLog(
            Membership membership,
            Path directory,
            RatisSettings.Sizes sizes,
            Replica replica,
            Consumer<Throwable> onFatal)
            throws IOException {
        this.membership = membership;
        this.self = membership.self();
        this.directory = directory;
        this.sizes = sizes;
        this.replica = new Followed(replica);
        this.onFatal = onFatal;
        Files.createDirectories(directory);
        LogOwner.claim(directory, membership);
        this.room = new DiskRoom(directory);
        this.questions = new LeaderQuestions(membership, this, replica);
    }

    /// Opens the log in `directory`, or begins a new one when there is none, and starts to take part.
    ///
    /// @param onFatal is told once when the log can never go on in this process
    /// **Errors:** `IOException` for trouble outside, also when the directory holds the log of another cluster.
    public static RatisLog open(Membership membership, Path directory, Replica replica, Consumer<Throwable> onFatal)
            throws IOException {
        return open(membership, directory, RatisSettings.Sizes.USUAL, replica, onFatal);
    }

    static RatisLog open(
            Membership membership,
            Path directory,
            RatisSettings.Sizes sizes,
            Replica replica,
            Consumer<Throwable> onFatal)
            throws IOException {
        var log = new RatisLog(membership, directory, sizes, replica, onFatal);
        try {
            log.startEngine();
            Thread.ofPlatform().daemon().name("log-watch").start(log::watch);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
        return log;
    }

    private synchronized void startEngine() throws IOException {
        if (closed.getCount() == 0) {
            return;
        }
        int number = ++run;
        openedAt = System.nanoTime();
        engine = RatisEngine.start(membership, directory, sizes, replica, cause -> engineFailed(number, cause));
    }

    @Override
    public CompletableFuture<Void> propose(byte[] entry) {
        if (entry.length > ENTRY_MOST) {
            return CompletableFuture.failedFuture(new EntryTooLarge(entry.length, ENTRY_MOST));
        }
        var running = engine;
        if (running == null) {
            return CompletableFuture.failedFuture(reopening());
        }
        var shortage = room.shortage();
        if (shortage.isPresent()) {
            return CompletableFuture.failedFuture(storageFull(shortage.get()));
        }
        if (!running.leads()) {
            return CompletableFuture.failedFuture(new NotLeading("node '%s' does not lead".formatted(self)));
        }
        var applied = new CompletableFuture<Void>();
        long number = proposals.incrementAndGet();
        inFlight.put(number, applied);
        var limited = applied.orTimeout(PROPOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        error instanceof TimeoutException
                                ? new OutcomeUnknown(
                                        "an entry was not confirmed within %d s".formatted(PROPOSE_LIMIT.toSeconds()),
                                        error)
                                : error));
        try {
            var _ = running.append(entry).whenComplete((reply, error) -> answered(applied, reply, error));
        } catch (IOException e) {
            applied.completeExceptionally(new NotLeading("the log of node '%s' is closed: %s".formatted(self, e)));
        }
        var _ = applied.whenComplete((_, _) -> inFlight.remove(number));
        return limited;
    }

    private static void answered(
            CompletableFuture<Void> applied, @Nullable RaftClientReply reply, @Nullable Throwable error) {
        if (reply != null && reply.isSuccess()) {
            applied.complete(null);
            return;
        }
        var cause = reply == null ? error : reply.getException();
        applied.completeExceptionally(
                switch (cause) {
                    // Refused before it was appended.
                    case LeaderNotReadyException e -> new NotLeading(e.toString());
                    case LeaderSteppingDownException e -> new NotLeading(e.toString());
                    // Also the answer for an entry appended before leadership was lost.
                    case NotLeaderException e -> new OutcomeUnknown("leadership was lost meanwhile", e);
                    case null -> new OutcomeUnknown("the engine gave no answer", new IOException("no answer"));
                    default -> new OutcomeUnknown("the engine failed: " + cause.getMessage(), cause);
                });
    }

    private StorageFull storageFull(String what) {
        return new StorageFull(
                "nothing was changed: %s. Free some space; changes are accepted again at once.".formatted(what),
                new IOException(what));
    }

    private StorageFull reopening() {
        var what = "the log in '%s' cannot be written: %s".formatted(directory, trouble);
        return new StorageFull(
                "nothing was changed: %s. Look at the disk; the log is opened again as soon as that works."
                        .formatted(what),
                new IOException(what));
    }

    /// The present run cannot go on: ends it and starts another one on a thread of its own.
    private synchronized void engineFailed(int number, Throwable cause) {
        var failed = engine;
        if (number != run || failed == null || closed.getCount() == 0) {
            return;
        }
        engine = null;
        trouble = cause.toString();
        failures = System.nanoTime() - openedAt > LONG_RUN.toNanos() ? 1 : failures + 1;
        if (failures > FAILURES_MAX && room.shortage().isEmpty()) {
            onFatal.accept(new DirectoryRefused(
                    ErrorCode.LOG_UNUSABLE,
                    ("go on with the log in '%s': it was opened %d times, and each time it failed within %d s. Last: %s. Look at"
                                    + " the disk, and start the cluster service again.")
                            .formatted(directory, failures, LONG_RUN.toSeconds(), cause)));
            return;
        }
        LOG.error("the log in '{}' failed, it is opened again: {}", directory, cause.toString());
        for (var waiting : inFlight.values()) {
            // The entry may be on the disk, or with the other members.
            waiting.completeExceptionally(new OutcomeUnknown("the log could not be written: " + cause, cause));
        }
        Thread.ofPlatform().daemon().name("log-reopen").start(() -> reopen(failed));
    }

    private void reopen(RatisEngine failed) {
        try {
            failed.close();
            failed.awaitReleased();
        } catch (IOException e) {
            LOG.warn("closing the failed log in '{}': {}", directory, e.toString());
        }
        var wait = REOPEN_FIRST;
        try {
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                if (tryReopen()) {
                    return;
                }
                wait = wait.multipliedBy(2).compareTo(REOPEN_LONGEST) < 0 ? wait.multipliedBy(2) : REOPEN_LONGEST;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            onFatal.accept(e);
        }
    }

    /// The engine can stand still without a word, for example when it could not note its term.
    private void watch() {
        long wellAt = System.nanoTime();
        int seen = 0;
        long lookedAt = wellAt;
        boolean met = membership.isAlone();
        try {
            while (!closed.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                var running = engine;
                int number = runs();
                if (running == null || running.isWell() || number != seen) {
                    wellAt = System.nanoTime();
                    seen = number;
                } else if (System.nanoTime() - wellAt > LEAD_LIMIT.toNanos()) {
                    var what = "its engine has done nothing for %d s".formatted(LEAD_LIMIT.toSeconds());
                    engineFailed(number, new IOException(what));
                }
                if (!met && System.nanoTime() - lookedAt > MEET_INTERVAL.toNanos()) {
                    met = leader().isPresent() || tellStrangers();
                    lookedAt = System.nanoTime();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// A member without a leader may be one that nobody knows.
    ///
    /// @return whether that is the end of it
    private boolean tellStrangers() {
        var strangers = questions.strangers();
        boolean alone = strangers.size() > membership.voters().size() / 2;
        if (alone) {
            onFatal.accept(new DirectoryRefused(
                    ErrorCode.KEY_DOES_NOT_FIT,
                    ("take part in cluster '%s' as node '%s': nodes %s answer with another key, or for another cluster. All"
                                    + " members need the same 'cluster.key': copy it from another one, mode rw-------, and put"
                                    + " what this one has in 'log' aside.")
                            .formatted(membership.cluster(), self, strangers)));
        } else if (!strangers.isEmpty()) {
            LOG.warn(
                    "cluster '{}' has no leader, and nodes {} answer with another key, or for another cluster. All members"
                            + " need the same 'cluster.key' and the addresses of one another",
                    membership.cluster(),
                    strangers);
        }
        return alone;
    }

    private boolean tryReopen() {
        var shortage = room.shortage();
        if (shortage.isPresent()) {
            LOG.warn("the log in '{}' cannot be opened yet: {}", directory, shortage.get());
            return false;
        }
        try {
            // An entry may have been written in part.
            new LogFiles(membership.directoryIn(directory), applied, false, _ -> false, file -> {
                        throw new IOException("nothing is given up while running: " + file);
                    })
                    .examine()
                    .mend();
            startEngine();
            LOG.info("the log in '{}' is open again", directory);
            return true;
        } catch (DirectoryRefused e) {
            onFatal.accept(e);
            closed.countDown();
            return true;
        } catch (IOException e) {
            trouble = DirectoryRefused.words(e);
            LOG.warn("the log in '{}' cannot be opened yet: {}", directory, trouble);
            return false;
        }
    }

    /// The replica, and how far it has come.
    private final class Followed implements Replica {
        private final Replica below;

        Followed(Replica below) {
            this.below = below;
        }

        @Override
        public void apply(byte[] entry) {
            below.apply(entry);
        }

        @Override
        public boolean admits(byte[] entry) {
            return below.admits(entry);
        }

        @Override
        public void reached(long index) {
            applied = Math.max(applied, index);
            below.reached(index);
        }

        @Override
        public byte[] snapshot() {
            return below.snapshot();
        }

        @Override
        public void restore(byte[] snapshot) {
            below.restore(snapshot);
        }

        @Override
        public CompletableFuture<byte[]> answer(byte[] question) {
            return below.answer(question);
        }

        @Override
        public void leadership(boolean leads) {
            below.leadership(leads);
        }
    }

    /// The present run of the engine, behind the guard; for the test that fills a disk under it.
    RatisEngine engine() {
        return Objects.requireNonNull(engine, "the log is being opened again");
    }

    /// How often the engine was started.
    synchronized int runs() {
        return run;
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        if (engine == null && closed.getCount() > 0) {
            return CompletableFuture.failedFuture(reopening());
        }
        return questions.ask(question);
    }

    @Override
    public boolean leads() {
        var running = engine;
        return running != null && running.leads();
    }

    @Override
    public Optional<NodeId> leader() {
        var running = engine;
        return running == null
                ? Optional.empty()
                // This node counts once it has applied everything committed before it led.
                : running.leader().filter(node -> !node.equals(self) || running.leads());
    }

    @Override
    public Optional<String> shortage() {
        return room.shortage();
    }

    @Override
    public void close() {
        RatisEngine running;
        synchronized (this) {
            closed.countDown();
            running = engine;
            engine = null;
        }
        questions.close();
        if (running != null) {
            last = running;
            try {
                running.close();
            } catch (IOException e) {
                LOG.warn("closing the log in '{}': {}", directory, e.toString());
            }
        }
    }

    /// Waits until the log may be opened again in this process.
    ///
    /// **Order:** after [#close].
    void awaitReleased() throws IOException {
        var closing = last;
        if (closing != null) {
            closing.awaitReleased();
        }
    }
}
