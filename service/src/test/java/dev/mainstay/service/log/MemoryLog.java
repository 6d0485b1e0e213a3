package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A log of one node in memory that applies what is proposed at once, or fails as it is told.
public final class MemoryLog implements ReplicatedLog {
    private static final NodeId SELF = new NodeId("n1");

    private final Replica replica;
    private final List<byte[]> entries = new ArrayList<>();
    private boolean leads;
    private Optional<Exception> failure = Optional.empty();
    private Optional<byte[]> ahead = Optional.empty();

    public MemoryLog(Replica replica) {
        this.replica = replica;
    }

    /// Makes this node the leader, or takes that from it.
    public MemoryLog lead(boolean becomes) {
        leads = becomes;
        replica.leadership(becomes);
        return this;
    }

    /// Every later proposal fails with this, until it is empty.
    public synchronized void fail(Optional<Exception> with) {
        failure = with;
    }

    /// Puts an entry of another leader in front of the next proposal.
    public synchronized void putAhead(byte[] entry) {
        ahead = Optional.of(entry);
    }

    /// What was applied so far.
    public synchronized List<byte[]> entries() {
        return List.copyOf(entries);
    }

    @Override
    public synchronized CompletableFuture<Void> propose(byte[] entry) {
        if (failure.isPresent()) {
            return CompletableFuture.failedFuture(failure.get());
        }
        ahead.ifPresent(this::append);
        ahead = Optional.empty();
        append(entry);
        return CompletableFuture.completedFuture(null);
    }

    private void append(byte[] entry) {
        entries.add(entry);
        replica.apply(entry);
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return leads
                ? replica.answer(question)
                : CompletableFuture.failedFuture(new NotLeading("no node leads in this test"));
    }

    @Override
    public boolean leads() {
        return leads;
    }

    @Override
    public Optional<NodeId> leader() {
        return leads ? Optional.of(SELF) : Optional.empty();
    }

    @Override
    public Optional<String> shortage() {
        return Optional.empty();
    }

    @Override
    public void close() {
        leads = false;
    }
}
