package dev.mainstay.service.log;

import dev.mainstay.service.log.ReplicatedLog.Replica;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/// Lets the engine drive a [Replica].
///
/// **Threads:** the engine applies, snapshots and restores on one thread; questions and changes of leadership
/// come
/// on others.
final class ReplicaMachine extends BaseStateMachine {
    /// First byte of an answer: the replica's answer follows.
    static final byte ANSWERED = 0;
    /// First byte of an answer: the asked node does not lead.
    static final byte NOT_LEADING = 1;

    private final Replica replica;
    private final Consumer<Throwable> onFailure;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private volatile boolean leads;

    /// @param onFailure is told when the engine can no longer write, or has closed itself
    ReplicaMachine(Replica replica, Consumer<Throwable> onFailure) {
        this.replica = replica;
        this.onFailure = onFailure;
    }

    boolean leads() {
        return leads;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
        super.initialize(server, group, raftStorage);
        getLifeCycle().startAndTransition(() -> {
            storage.init(raftStorage);
            load();
        });
    }

    /// The engine pauses before it installs a leader's snapshot and closes for good unless this is followed.
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        load();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    private void load() throws IOException {
        var latest = storage.loadLatestSnapshot();
        if (latest == null) {
            return;
        }
        var file = latest.getFile().getPath();
        replica.restore(Files.readAllBytes(file));
        setLastAppliedTermIndex(SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file.toFile()));
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public long takeSnapshot() throws IOException {
        var upTo = getLastAppliedTermIndex();
        var file = storage.getSnapshotFile(upTo.getTerm(), upTo.getIndex()).toPath();
        var unfinished = file.resolveSibling("unfinished");
        var content = replica.snapshot();
        write(unfinished, content);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // Of the content: the library's own way to compute it from the file leaves the file open.
        var digest = MD5Hash.newInstance(MD5FileUtil.newMD5().digest(content));
        MD5FileUtil.saveMD5File(file.toFile(), digest);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), upTo));
        return upTo.getIndex();
    }

    /// The log is purged up to the snapshot, so the snapshot must be on the disk first.
    private static void write(Path file, byte[] content) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /// An entry that nobody will apply does not come into the log: strangers could fill the disk with such.
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        var transaction = super.startTransaction(request);
        if (!replica.admits(request.getMessage().getContent().toByteArray())) {
            transaction.setException(
                    new IOException("append an entry: no member of the cluster sealed it. It was not appended."));
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        var entry = transaction.getLogEntry();
        replica.apply(entry.getStateMachineLogEntry().getLogData().toByteArray());
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        replica.reached(entry.getIndex());
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public CompletableFuture<Message> query(Message question) {
        if (!leads) {
            return CompletableFuture.completedFuture(message(NOT_LEADING, new byte[0]));
        }
        return replica.answer(question.getContent().toByteArray()).thenApply(answer -> message(ANSWERED, answer));
    }

    private static Message message(byte kind, byte[] content) {
        var bytes = new byte[content.length + 1];
        bytes[0] = kind;
        System.arraycopy(content, 0, bytes, 1, content.length);
        ByteString wrapped = UnsafeByteOperations.unsafeWrap(bytes);
        return Message.valueOf(wrapped);
    }

    @Override
    public void notifyLeaderReady() {
        leads = true;
        replica.leadership(true);
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        leaveLeadership();
    }

    void leaveLeadership() {
        if (leads) {
            leads = false;
            replica.leadership(false);
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        onFailure.accept(cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        leaveLeadership();
        onFailure.accept(new IOException("the engine closed itself"));
    }
}
