package dev.mainstay.service.log;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/// The engine's transport of a node alone: there is nobody to talk to, so nothing is opened.
///
/// A port of the engine takes the orders of whoever reaches it, also those that remove the log. Who shares the
/// machine with a cluster of one node must not have that power, so such a cluster has no port at all.
///
/// **Threads:** any. **Source:** ADR 0021. The engine makes it by its name, so it is public.
public final class LoneTransport implements RpcType {
    /// What the engine shows as this node's address.
    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("nowhere", 0);

    /// For the engine.
    public LoneTransport() {}

    @Override
    public String name() {
        return LoneTransport.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory();
    }

    private final class Factory implements ServerFactory {
        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new Nobody();
        }

        @Override
        public RpcType getRpcType() {
            return LoneTransport.this;
        }
    }

    private final class Nobody implements RaftServerRpc {
        @Override
        public void start() {
            // Nothing is opened.
        }

        @Override
        public void close() {
            // Nothing was opened.
        }

        @Override
        public InetSocketAddress getInetSocketAddress() {
            return NOWHERE;
        }

        @Override
        public RpcType getRpcType() {
            return LoneTransport.this;
        }

        @Override
        public void addRaftPeers(Collection<RaftPeer> peers) {
            // The engine names this node too.
        }

        @Override
        public void handleException(RaftPeerId other, Exception error, boolean reconnect) {
            throw new IllegalStateException("a node alone was in touch with '%s'".formatted(other), error);
        }

        @Override
        public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
            throw nobody();
        }

        @Override
        public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
            throw nobody();
        }

        @Override
        public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
            throw nobody();
        }

        @Override
        public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
                throws IOException {
            throw nobody();
        }

        private static IOException nobody() {
            return new IOException("send to another voter: this node is alone");
        }
    }
}
