package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.log.ReplicatedLog.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;

/// One run of the engine over the log's directory, from its start until it is closed or gives up.
final class RatisEngine implements AutoCloseable {
    /// The one group of a cluster. A directory of this name holds its log, and its absence means a new cluster.
    private static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.fromString("6d61696e-7374-4179-8c6f-670000000001"));

    private final RaftServer server;
    private final ReplicaMachine machine;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RatisEngine(RaftServer server, ReplicaMachine machine) {
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
            NodeId self,
            SortedMap<NodeId, String> members,
            Path directory,
            Replica replica,
            Consumer<Throwable> onFailure)
            throws IOException {
        var address = address(self, members);
        int colon = address.lastIndexOf(':');
        var settings = RatisSettings.of(
                directory, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), members.size());
        var machine = new ReplicaMachine(replica, onFailure);
        var group = directory.resolve(GROUP.getUuid().toString());
        // FORMAT over existing data fails; RECOVER without data does too.
        var option = Files.isDirectory(group) ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT;
        var server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(self.value()))
                .setGroup(group(members))
                .setProperties(settings)
                .setStateMachine(machine)
                .setOption(option)
                .build();
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return new RatisEngine(server, machine);
    }

    private static String address(NodeId self, SortedMap<NodeId, String> members) {
        var address = members.get(self);
        if (address == null || !address.matches(".+:\\d+")) {
            throw new IllegalArgumentException(
                    "cannot open the log on node '%s': its address among %s is not 'host:port'. Name one for it."
                            .formatted(self, members));
        }
        return address;
    }

    static RaftGroup group(SortedMap<NodeId, String> members) {
        var peers = members.entrySet().stream()
                .map(member -> RaftPeer.newBuilder()
                        .setId(member.getKey().value())
                        .setAddress(member.getValue())
                        .build())
                .toList();
        return RaftGroup.valueOf(GROUP, peers);
    }

    /// Appends an entry on this node, which must lead; completes when it is applied here.
    CompletableFuture<RaftClientReply> append(byte[] entry) throws IOException {
        return server.submitClientRequestAsync(RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(GROUP)
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                .setType(RaftClientRequest.writeRequestType())
                .build());
    }

    boolean leads() {
        return machine.leads();
    }

    Optional<NodeId> leader() {
        try {
            var id = server.getDivision(GROUP).getInfo().getLeaderId();
            return id == null ? Optional.empty() : Optional.of(new NodeId(id.toString()));
        } catch (IOException e) {
            // The engine has closed the group: nobody is known to lead.
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        machine.leaveLeadership();
        server.close();
    }
}
