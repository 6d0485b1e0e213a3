package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.log.ReplicatedLog.NotLeading;
import dev.mainstay.service.log.ReplicatedLog.OutcomeUnknown;
import dev.mainstay.service.log.ReplicatedLog.Replica;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts questions to whichever node leads, again when that changes meanwhile.
///
/// **Threads:** any.
final class LeaderQuestions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderQuestions.class);

    /// A question that no leader answers by then is given up: several elections fit into it.
    static final Duration LIMIT = Duration.ofSeconds(10);

    /// Between two attempts, while no leader is known or the asked one no longer leads.
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Membership membership;
    private final NodeId self;
    private final ReplicatedLog log;
    private final Replica replica;
    /// Made at the first question to another node: a node alone needs none.
    private @Nullable RaftClient client;

    private volatile boolean closed;

    LeaderQuestions(Membership membership, ReplicatedLog log, Replica replica) {
        this.membership = membership;
        this.self = membership.self();
        this.log = log;
        this.replica = replica;
    }

    /// One question on its way.
    private static final class Asking {
        final byte[] question;
        final long began = System.nanoTime();
        final CompletableFuture<byte[]> answer = new CompletableFuture<>();
        /// The last failure of an attempt that may have been heard.
        volatile @Nullable Throwable doubt;

        Asking(byte[] question) {
            this.question = question;
        }
    }

    CompletableFuture<byte[]> ask(byte[] question) {
        var asking = new Asking(question);
        attempt(asking);
        return asking.answer;
    }

    private void attempt(Asking asking) {
        if (closed) {
            asking.answer.completeExceptionally(new NotLeading("the log of node '%s' is closed".formatted(self)));
            return;
        }
        if (log.leads()) {
            var _ = replica.answer(asking.question).whenComplete((answer, error) -> {
                if (error == null) {
                    asking.answer.complete(answer);
                } else {
                    asking.answer.completeExceptionally(error);
                }
            });
            return;
        }
        var leader = log.leader().filter(node -> !node.equals(self));
        if (leader.isEmpty()) {
            again(asking);
            return;
        }
        try {
            var _ = client().async()
                    .sendReadOnlyUnordered(
                            Message.valueOf(UnsafeByteOperations.unsafeWrap(asking.question)),
                            RaftPeerId.valueOf(leader.get().value()))
                    .whenComplete((reply, error) -> heard(asking, reply, error));
        } catch (RuntimeException e) {
            asking.doubt = e;
            again(asking);
        }
    }

    private void heard(Asking asking, @Nullable RaftClientReply reply, @Nullable Throwable error) {
        if (reply != null && reply.isSuccess()) {
            var content = reply.getMessage().getContent().toByteArray();
            if (content.length > 0 && content[0] == ReplicaMachine.ANSWERED) {
                asking.answer.complete(Arrays.copyOfRange(content, 1, content.length));
                return;
            }
        } else if (error != null) {
            asking.doubt = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        }
        again(asking);
    }

    private void again(Asking asking) {
        if (System.nanoTime() - asking.began < LIMIT.toNanos()) {
            CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> attempt(asking));
            return;
        }
        var doubt = asking.doubt;
        asking.answer.completeExceptionally(
                doubt == null
                        ? new NotLeading("no node led within %d s".formatted(LIMIT.toSeconds()))
                        : new OutcomeUnknown(
                                "the leader did not answer within %d s: %s".formatted(LIMIT.toSeconds(), doubt),
                                doubt));
    }

    /// The other members that answer, and not for this cluster with this key.
    ///
    /// **Time:** blocks, at most [#LIMIT] for each of them.
    SortedSet<NodeId> strangers() {
        var strangers = new TreeSet<NodeId>();
        for (var node : membership.voters().keySet()) {
            if (!node.equals(self) && !closed) {
                try {
                    var groups = client().getGroupManagementApi(RaftPeerId.valueOf(node.value()))
                            .list()
                            .getGroupIds();
                    if (!groups.isEmpty() && !groups.contains(RaftGroupId.valueOf(membership.group()))) {
                        strangers.add(node);
                    }
                } catch (IOException silent) {
                    LOG.debug("node '{}' does not answer: {}", node, silent.toString());
                }
            }
        }
        return strangers;
    }

    private synchronized RaftClient client() {
        if (client == null) {
            var settings = new RaftProperties();
            RaftClientConfigKeys.Rpc.setRequestTimeout(settings, RatisSettings.span(LIMIT));
            client = RaftClient.newBuilder()
                    .setProperties(settings)
                    .setRaftGroup(RatisEngine.group(membership))
                    // Who leads is found out here; the client's own search would hide it.
                    .setRetryPolicy(RetryPolicies.noRetry())
                    .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                LOG.warn("closing the client of the log: {}", e.toString());
            }
        }
    }
}
