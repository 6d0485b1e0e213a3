package dev.mainstay.service.journal;

import dev.mainstay.api.EventView;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every fact applied on this node, in an embedded SQL database.
///
/// Whoever records never waits: facts go into a bounded queue, and a thread of the journal writes them. Facts for
/// which there is no room are counted and noted as one fact `FactsNotRecorded`. A full disk costs facts, never
/// the
/// cluster service.
///
/// **Threads:** any; one thread named `journal` writes.
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /// How long facts are kept, in cluster time: a wall clock that is set ahead forgets nothing.
    public static final Duration KEPT = Duration.ofDays(30);

    /// How large the file may become; about a million facts.
    public static final long BYTES_MAX = 512L << 20;

    /// Entries that may wait to be written: the log replays up to ten thousand at the start.
    static final int QUEUE_LIMIT = 16_384;

    private static final int BATCH_LIMIT = 500;

    /// How long a reader waits for the database to be opened after the start.
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

    /// Between two attempts to open or to write when the disk is full.
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration TRIM_INTERVAL = Duration.ofHours(1);

    /// Facts of this node alone have numbers from here on, behind every fact of the entry before them.
    private static final long LOCAL_FIRST = 900_000;

    private final Path directory;
    private final InstantSource clock;
    private final BlockingQueue<Recorded> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    /// Present once opened; guarded by the lock.
    private @Nullable FactTable table;
    /// Cluster time of the newest entry recorded here; the journal's thread's.
    private Optional<Instant> reached = Optional.empty();

    /// The newest fact written; guarded by the lock.
    private FactPlace newest = FactPlace.START;

    private final Thread writer;
    private boolean complained;
    /// The place given last, by the writer.
    private FactPlace last = FactPlace.START;

    /// Wakes the writer when it has to end.
    private static final Recorded END = new Recorded.End();

    private sealed interface Recorded {
        /// What the cluster applied.
        record Applied(ClusterState before, LogEntry entry, ClusterState after) implements Recorded {}

        /// What concerns this node alone.
        record Local(LocalFact fact) implements Recorded {}

        /// Nothing more comes.
        record End() implements Recorded {}
    }

    private Journal(Path directory, InstantSource clock, int queueLimit) {
        this.directory = directory;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(queueLimit);
        this.writer = Thread.ofPlatform().daemon().name("journal").unstarted(this::run);
    }

    /// Begins to keep a journal in `directory`, which exists; the file itself is opened by the journal's thread.
    public static Journal open(Path directory, InstantSource clock) {
        return open(directory, clock, QUEUE_LIMIT);
    }

    static Journal open(Path directory, InstantSource clock, int queueLimit) {
        var journal = new Journal(directory, clock, queueLimit);
        journal.writer.start();
        return journal;
    }

    /// Records the facts of an applied entry. Never blocks; an entry that comes again changes nothing.
    public void record(ClusterState before, LogEntry entry, ClusterState after) {
        if (!queue.offer(new Recorded.Applied(before, entry, after))) {
            dropped.addAndGet(count(entry));
        }
    }

    /// Records a fact of this node alone, behind all that was applied before. Never blocks.
    public void note(LocalFact fact) {
        if (!queue.offer(new Recorded.Local(fact))) {
            dropped.incrementAndGet();
        }
    }

    private static long count(LogEntry entry) {
        return entry.decisions().stream()
                .mapToLong(decided -> decided.events().size())
                .sum();
    }

    /// The first facts after a place; an empty id stands for the start.
    public List<EventView> after(String id, int limit) {
        var place = FactPlace.parse(id);
        return read(facts -> facts.after(place, limit));
    }

    /// The newest facts, oldest of them first.
    public List<EventView> latest(int limit) {
        return read(facts -> facts.latest(limit));
    }

    /// The newest facts about one object, oldest of them first.
    ///
    /// @param kind `group`, `resource` or `node`
    public List<EventView> about(String kind, String name, int limit) {
        return read(facts -> facts.about(kind, name, limit));
    }

    /// Waits until a fact after this place is written; false when the limit passes before.
    public boolean awaitAfter(String id, Duration limit) throws InterruptedException {
        var place = FactPlace.parse(id);
        long left = limit.toNanos();
        lock.lock();
        try {
            while (newest.compareTo(place) <= 0 && left > 0) {
                left = written.awaitNanos(left);
            }
            return newest.compareTo(place) > 0;
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Query {
        List<EventView> ask(FactTable facts) throws SQLException;
    }

    private List<EventView> read(Query query) {
        try {
            if (!opened.await(OPEN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the journal in '%s' cannot be read: it could not be opened within %d s."
                                        .formatted(directory, OPEN_LIMIT.toSeconds())
                                + " The log of the cluster service says why.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("reading the journal was interrupted", e);
        }
        lock.lock();
        try {
            try {
                return query.ask(opened());
            } catch (SQLException e) {
                if (!FactTable.isDamage(e)) {
                    throw e;
                }
                beginAnew(e);
                return query.ask(opened());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "the journal in '%s' cannot be read: %s. Check the disk.".formatted(directory, e.getMessage()), e);
        } finally {
            lock.unlock();
        }
    }

    /// **Threads:** under the lock.
    private FactTable opened() {
        var facts = table;
        if (facts == null) {
            throw new IllegalStateException("the journal in '%s' is closed".formatted(directory));
        }
        return facts;
    }

    /// Sets a damaged database file aside and begins a new one: a record of the past is not worth an outage.
    ///
    /// **Threads:** under the lock.
    private void beginAnew(SQLException damage) throws SQLException {
        if (table != null) {
            table.close();
            table = null;
        }
        try {
            var aside = FactTable.setAside(directory);
            LOG.error(
                    "the journal in '{}' is damaged ({}): its file is kept as '{}' and a new one is begun",
                    directory,
                    damage.getMessage(),
                    aside.getFileName());
        } catch (IOException e) {
            throw new SQLException("the damaged file cannot be set aside: " + e, e);
        }
        table = FactTable.open(directory);
    }

    private void run() {
        try {
            openTable();
            long nextTrim = System.nanoTime();
            while (closing.getCount() > 0 || !queue.isEmpty()) {
                var first = queue.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    var batch = new ArrayList<Recorded>();
                    batch.add(first);
                    queue.drainTo(batch, BATCH_LIMIT - 1);
                    write(batch);
                }
                // Also when facts keep coming: a busy journal is the one that grows.
                if (System.nanoTime() - nextTrim >= 0) {
                    trim();
                    nextTrim = System.nanoTime() + TRIM_INTERVAL.toNanos();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "the journal in '{}' stops: facts are not recorded any more until the cluster service starts again."
                            + " Resources are not affected",
                    directory,
                    e);
            throw e;
        } finally {
            closeTable();
        }
    }

    private void openTable() throws InterruptedException {
        do {
            lock.lock();
            try {
                try {
                    table = FactTable.open(directory);
                    opened().latest(1).forEach(fact -> newest = FactPlace.parse(fact.id()));
                } catch (SQLException e) {
                    if (!FactTable.isDamage(e)) {
                        throw e;
                    }
                    beginAnew(e);
                }
                opened.countDown();
                return;
            } catch (SQLException e) {
                complain("opened", e);
            } finally {
                lock.unlock();
            }
        } while (!closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS));
    }

    /// Writes a batch, again and again while the disk does not take it; what waits behind is bounded by the
    /// queue.
    private void write(List<Recorded> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        var facts = new ArrayList<EventView>();
        for (var recorded : batch) {
            switch (recorded) {
                case Recorded.Applied applied -> addFacts(applied, facts);
                case Recorded.Local(var fact) -> addFact(fact, facts);
                case Recorded.End _ -> {}
            }
        }
        while (!written(facts)) {
            if (closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private boolean written(List<EventView> facts) {
        long lost = dropped.getAndSet(0);
        var all = new ArrayList<>(facts);
        if (lost > 0) {
            all.add(notRecorded(lost));
        }
        if (all.isEmpty()) {
            return true;
        }
        lock.lock();
        try {
            try {
                opened().add(all, reached);
            } catch (SQLException e) {
                if (!FactTable.isDamage(e)) {
                    throw e;
                }
                beginAnew(e);
                opened().add(all, reached);
            }
            var place = FactPlace.parse(all.getLast().id());
            newest = place.compareTo(newest) > 0 ? place : newest;
            written.signalAll();
            if (complained) {
                complained = false;
                LOG.info("the journal in '{}' is written again", directory);
            }
            return true;
        } catch (SQLException e) {
            dropped.addAndGet(lost);
            complain("written", e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void addFacts(Recorded.Applied recorded, List<EventView> facts) {
        int number = 0;
        reached = Optional.of(recorded.entry.time());
        for (var decided : recorded.entry.decisions()) {
            for (var event : decided.events()) {
                var place = new FactPlace(recorded.after.revision(), number++);
                last = place.compareTo(last) > 0 ? place : last;
                facts.add(EventViews.of(
                        place.toString(), recorded.entry, decided.cause(), event, recorded.before, recorded.after));
            }
        }
    }

    private void addFact(LocalFact fact, List<EventView> facts) {
        last = behindAll();
        facts.add(new EventView(
                last.toString(),
                EventViews.text(fact.time()),
                fact.event(),
                fact.group(),
                fact.resource(),
                fact.node(),
                fact.rule(),
                fact.text(),
                "",
                fact.actor(),
                "",
                fact.fields()));
    }

    /// A place behind all facts so far, and before those of the next entry.
    private FactPlace behindAll() {
        lock.lock();
        try {
            var place = last.compareTo(newest) > 0 ? last : newest;
            return new FactPlace(Math.max(0, place.revision()), Math.max(LOCAL_FIRST, place.number() + 1));
        } finally {
            lock.unlock();
        }
    }

    private EventView notRecorded(long lost) {
        var text = "%d facts before this one were not recorded on this node".formatted(lost);
        last = behindAll();
        return new EventView(
                last.toString(),
                EventViews.text(clock.instant()),
                "FactsNotRecorded",
                "",
                "",
                "",
                "",
                text,
                "",
                "",
                "",
                Map.of("count", Long.toString(lost)));
    }

    private void trim() {
        lock.lock();
        try {
            if (table != null) {
                table.trim(KEPT, BYTES_MAX);
            }
        } catch (SQLException e) {
            complain("trimmed", e);
        } finally {
            lock.unlock();
        }
    }

    /// Once per trouble, not once per fact.
    private void complain(String action, SQLException e) {
        if (!complained) {
            complained = true;
            LOG.warn(
                    "the journal in '{}' cannot be {}; facts wait and are tried again, further ones are counted: {}",
                    directory,
                    action,
                    e.getMessage());
        }
    }

    private void closeTable() {
        lock.lock();
        try {
            if (table != null) {
                table.close();
                table = null;
            }
            opened.countDown();
        } catch (SQLException e) {
            complain("closed", e);
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits and closes the file; waits for that as long as a reader would for the opening.
    @Override
    public void close() {
        closing.countDown();
        // When the queue is full, the writer is awake.
        var _ = queue.offer(END);
        try {
            if (!writer.join(OPEN_LIMIT)) {
                LOG.warn("the journal in '{}' was not closed within {} s", directory, OPEN_LIMIT.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
