package dev.mainstay.service.log;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.log.Seal.Purpose;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log whose entries, questions and snapshots count only when a member of the cluster sealed them.
///
/// **Threads:** any.
public final class SealedLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(SealedLog.class);

    private final ReplicatedLog log;
    private final Seal seal;

    private SealedLog(ReplicatedLog log, Seal seal) {
        this.log = log;
        this.seal = seal;
    }

    /// Opens a log below a seal.
    @FunctionalInterface
    public interface Below {
        /// Opens it for the replica given.
        ReplicatedLog open(Replica replica) throws IOException;
    }

    /// Opens the log below with a replica that looks at the seals first.
    ///
    /// @param applied notes how far the log is followed
    /// @param onFatal is told when the key of this node is not that of the log
    public static ReplicatedLog open(
            Seal seal, AppliedMark applied, Replica replica, Consumer<Throwable> onFatal, Below below)
            throws IOException {
        return new SealedLog(below.open(new Looking(seal, applied, replica, onFatal)), seal);
    }

    @Override
    public CompletableFuture<Void> propose(byte[] entry) {
        return log.propose(seal.seal(Purpose.ENTRY, entry));
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return log.askLeader(seal.seal(Purpose.QUESTION, question));
    }

    @Override
    public boolean leads() {
        return log.leads();
    }

    @Override
    public Optional<NodeId> leader() {
        return log.leader();
    }

    @Override
    public Optional<String> shortage() {
        return log.shortage();
    }

    @Override
    public void close() {
        log.close();
    }

    private static final class Looking implements Replica {
        private final Seal seal;
        private final AppliedMark applied;
        private final Replica replica;
        private final Consumer<Throwable> onFatal;
        /// Whether anything of this log opened with the key; the engine's thread alone uses it.
        private boolean fits;

        Looking(Seal seal, AppliedMark applied, Replica replica, Consumer<Throwable> onFatal) {
            this.seal = seal;
            this.applied = applied;
            this.replica = replica;
            this.onFatal = onFatal;
        }

        @Override
        public void apply(byte[] sealed) {
            var entry = seal.open(Purpose.ENTRY, sealed);
            if (entry.isPresent()) {
                fits = true;
                replica.apply(entry.get());
            } else if (fits) {
                // All members have the same key: what one ignores, all ignore.
                LOG.error("an entry of the log was ignored: no member of the cluster sealed it");
            } else {
                // Ignoring all that the others wrote would make a member with an empty state, which may lead.
                onFatal.accept(otherKey("its first entry"));
            }
        }

        private static DirectoryRefused otherKey(String what) {
            return new DirectoryRefused(
                    ErrorCode.KEY_DOES_NOT_FIT,
                    ("follow the log of the cluster: %s was not sealed with this node's key. All members need the same: copy"
                                    + " 'cluster.key' from another one, mode rw-------, and start this one again.")
                            .formatted(what));
        }

        @Override
        public boolean admits(byte[] sealed) {
            return seal.open(Purpose.ENTRY, sealed).isPresent();
        }

        @Override
        public void reached(long index) {
            applied.note(index);
        }

        @Override
        public byte[] snapshot() {
            return seal.seal(Purpose.SNAPSHOT, replica.snapshot());
        }

        @Override
        public void restore(byte[] sealed) {
            var snapshot = seal.open(Purpose.SNAPSHOT, sealed);
            if (snapshot.isPresent()) {
                fits = true;
                replica.restore(snapshot.get());
            } else {
                onFatal.accept(otherKey("a snapshot"));
            }
        }

        @Override
        public CompletableFuture<byte[]> answer(byte[] sealed) {
            return seal.open(Purpose.QUESTION, sealed)
                    .map(replica::answer)
                    .orElseGet(() -> CompletableFuture.failedFuture(
                            new NotLeading("a question was refused: it was not sealed with this cluster's key")));
        }

        @Override
        public void leadership(boolean leads) {
            replica.leadership(leads);
        }
    }
}
