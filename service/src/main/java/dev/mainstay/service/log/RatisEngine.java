package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.log.ReplicatedLog.Replica;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the engine over the log's directory, from its start until it is closed or gives up.
final class RatisEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RatisEngine.class);

    /// Much longer than the engine needs to let go of port and files.
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private final Membership membership;
    private final RaftServer server;
    private final ReplicaMachine machine;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private volatile BooleanSupplier filesClosed = () -> false;

    private RatisEngine(Membership membership, RaftServer server, ReplicaMachine machine) {
        this.membership = membership;
        this.server = server;
        this.machine = machine;
    }

    static {
        // The engine must not end the process; whether a failure is fatal is decided by whoever opened the log.
        ExitUtils.disableSystemExit();
    }

    /// @param onFailure is told when this run can no longer write or has closed itself
    /// **Errors:** whatever fails leaves no thread and no lock behind.
    static RatisEngine start(
            Membership membership,
            Path directory,
            RatisSettings.Sizes sizes,
            Replica replica,
            Consumer<Throwable> onFailure)
            throws IOException {
        var settings = RatisSettings.of(membership, directory, sizes);
        var machine = new ReplicaMachine(replica, onFailure);
        var group = directory.resolve(membership.group().toString());
        // FORMAT over existing data fails; RECOVER without data does too.
        var option = Files.isDirectory(group) ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT;
        var server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(membership.self().value()))
                .setGroup(group(membership))
                .setProperties(settings)
                .setStateMachine(machine)
                .setOption(option)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            server.close();
            throw e;
        } catch (RuntimeException e) {
            server.close();
            var root = root(e);
            if (root instanceof IOException trouble && !(root instanceof ChecksumException)) {
                // The disk, not what is on it.
                throw new IOException(
                        "the log '%s' cannot be opened: %s".formatted(group, DirectoryRefused.words(trouble)), e);
            }
            throw DirectoryRefused.damaged(group, "the engine cannot open it: " + root, "What it holds may be lost.");
        }
        return new RatisEngine(membership, server, machine);
    }

    private static Throwable root(Throwable e) {
        var cause = e.getCause();
        return cause == null ? e : root(cause);
    }

    static RaftGroup group(Membership membership) {
        var peers = membership.voters().entrySet().stream()
                .map(member -> RaftPeer.newBuilder()
                        .setId(member.getKey().value())
                        .setAddress(member.getValue())
                        .build())
                .toList();
        return RaftGroup.valueOf(RaftGroupId.valueOf(membership.group()), peers);
    }

    /// Appends an entry on this node, which must lead; completes when it is applied here.
    CompletableFuture<RaftClientReply> append(byte[] entry) throws IOException {
        return server.submitClientRequestAsync(RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(id())
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                .setType(RaftClientRequest.writeRequestType())
                .build());
    }

    boolean leads() {
        return machine.leads();
    }

    /// Whether it can go on at all: its group is open, and somebody alone leads.
    boolean isWell() {
        try {
            return server.getDivision(id()).getInfo().isAlive() && (!membership.isAlone() || leads());
        } catch (IOException e) {
            return false;
        }
    }

    Optional<NodeId> leader() {
        try {
            var id = server.getDivision(id()).getInfo().getLeaderId();
            return id == null ? Optional.empty() : Optional.of(new NodeId(id.toString()));
        } catch (IOException e) {
            // The engine has closed the group: nobody is known to lead.
            return Optional.empty();
        }
    }

    private RaftGroupId id() {
        return RaftGroupId.valueOf(membership.group());
    }

    /// Returns as soon as nobody can reach it any more; [#awaitReleased] waits for its files.
    ///
    /// The engine closes its files up to a second later, and its idle threads end a second after that. What was
    /// confirmed is on the disk already, so a process that ends need not wait for either.
    @Override
    public void close() throws IOException {
        machine.leaveLeadership();
        filesClosed = filesClosed();
        Thread.ofPlatform().daemon().name("log-close").start(this::closeServer);
        if (!membership.isAlone()) {
            await("port %d".formatted(membership.port()), this::portIsFree);
        }
    }

    /// Waits until another run may begin on the same files.
    ///
    /// **Order:** after [#close].
    void awaitReleased() throws IOException {
        await("the files", filesClosed);
    }

    private static void await(String what, BooleanSupplier free) throws IOException {
        long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
        try {
            while (!free.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new IOException("%s was not free within %d s".formatted(what, CLOSE_LIMIT.toSeconds()));
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private BooleanSupplier filesClosed() {
        try {
            var group = server.getDivision(id()).getInfo();
            return () -> group.getLifeCycleState() == LifeCycle.State.CLOSED;
        } catch (IOException e) {
            // The engine has closed the group by itself.
            return () -> true;
        }
    }

    private void closeServer() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("closing the log of node '{}': {}", membership.self(), e.toString());
        }
    }

    private boolean portIsFree() {
        // Not for listening: it succeeds as soon as nobody else listens.
        try (var probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(membership.host(), membership.port()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
