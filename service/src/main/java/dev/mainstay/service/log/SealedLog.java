package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.log.Seal.Purpose;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
    public static ReplicatedLog open(Seal seal, Replica replica, Below below) throws IOException {
        return new SealedLog(below.open(new Looking(seal, replica)), seal);
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
    public void close() {
        log.close();
    }

    private record Looking(Seal seal, Replica replica) implements Replica {
        @Override
        public void apply(byte[] sealed) {
            // All members have the same key: what one ignores, all ignore.
            seal.open(Purpose.ENTRY, sealed)
                    .ifPresentOrElse(
                            replica::apply,
                            () -> LOG.error("an entry of the log was ignored: no member of the cluster sealed it"));
        }

        @Override
        public byte[] snapshot() {
            return seal.seal(Purpose.SNAPSHOT, replica.snapshot());
        }

        @Override
        public void restore(byte[] sealed) {
            replica.restore(seal.open(Purpose.SNAPSHOT, sealed)
                    .orElseThrow(() -> new IllegalStateException(
                            "a snapshot of the log is refused: it was not sealed with this cluster's key")));
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
