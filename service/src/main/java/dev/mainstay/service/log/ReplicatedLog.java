package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A log of entries that the members of a cluster agree on.
///
/// **Threads:** any. **Source:** ADR 0002.
public interface ReplicatedLog extends AutoCloseable {
    /// Appends an entry; completes when it is applied on this node, which must lead.
    ///
    /// **Errors:** completes with [NotLeading] when this node does not lead, with [StorageFull] when the log
    /// cannot be written, with [EntryTooLarge] when the engine does not take so much, with [OutcomeUnknown] when
    /// leadership was lost meanwhile.
    CompletableFuture<Void> propose(byte[] entry);

    /// Asks the leader's replica ([Replica#answer]), wherever it is.
    CompletableFuture<byte[]> askLeader(byte[] question);

    /// Whether this node leads and has applied everything committed before it did.
    boolean leads();

    /// The node that leads, if known.
    Optional<NodeId> leader();

    /// What is in the way of writing here, such as a full disk, if anything.
    Optional<String> shortage();

    @Override
    void close();

    /// What follows the log on one node.
    ///
    /// **Threads:** [#apply], [#reached], [#snapshot] and [#restore] never at the same time.
    interface Replica {
        /// Applies a committed entry; never throws.
        void apply(byte[] entry);

        /// Whether an entry may be appended at all; asked on the leader before it is. Must not block.
        default boolean admits(byte[] entry) {
            return true;
        }

        /// Everything up to this index of the log is applied.
        default void reached(long index) {}

        /// The state as bytes.
        byte[] snapshot();

        /// Replaces the state by a snapshot's.
        void restore(byte[] snapshot);

        /// Answers a question of another member; called on the leader only.
        CompletableFuture<byte[]> answer(byte[] question);

        /// This node has become the leader, or is it no longer. Must not block.
        void leadership(boolean leads);
    }

    /// This node does not lead.
    final class NotLeading extends Exception {
        private static final long serialVersionUID = 1;

        /// Says who leads, if known.
        public NotLeading(String message) {
            super(message);
        }
    }

    /// The log cannot be written.
    final class StorageFull extends Exception {
        private static final long serialVersionUID = 1;

        /// Says where and why.
        public StorageFull(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The entry is larger than the engine takes, which would cost the leader its office; nothing was appended.
    final class EntryTooLarge extends Exception {
        private static final long serialVersionUID = 1;

        /// Says how large it is.
        public EntryTooLarge(int bytes, int most) {
            super("nothing was changed: an entry of %d bytes is to be written, the log takes %d"
                    .formatted(bytes, most));
        }
    }

    /// Leadership was lost before the entry was confirmed.
    final class OutcomeUnknown extends Exception {
        private static final long serialVersionUID = 1;

        /// Says what happened.
        public OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
