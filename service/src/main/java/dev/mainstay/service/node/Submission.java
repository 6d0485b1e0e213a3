package dev.mainstay.service.node;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node asks of the leader: one request at a time, so that reports are decided in their order.
///
/// **Threads:** one; answers arrive in the inbox.
final class Submission {
    /// Wait before a request is sent again that could not be decided: about an election's length.
    static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(Submission.class);

    private final NodeId self;
    private final long incarnation;
    private final Cluster cluster;
    private final PendingReports reports;
    private final Inbox inbox;

    private Asked asked = new Asked.Nothing();
    private long retryAtNanos = System.nanoTime();
    private long answeredRevision;
    private List<RegisteredType> offered = List.of();
    private List<RegisteredType> refused = List.of();
    private long number;

    private sealed interface Asked {
        record Nothing() implements Asked {}

        record Types(List<RegisteredType> list) implements Asked {}

        record Reports(SortedMap<ResourceId, Observed> batch) implements Asked {}

        /// What was asked, in words.
        default String text() {
            return switch (this) {
                case Nothing _ -> "ask nothing";
                case Types(var list) ->
                    "register resource types "
                            + list.stream().map(RegisteredType::name).toList();
                case Reports(var batch) when batch.size() == 1 -> "report resource '%s'".formatted(batch.firstKey());
                case Reports(var batch) -> "report %d resources".formatted(batch.size());
            };
        }
    }

    Submission(NodeId self, long incarnation, Cluster cluster, PendingReports reports, Inbox inbox) {
        this.self = self;
        this.incarnation = incarnation;
        this.cluster = cluster;
        this.reports = reports;
        this.inbox = inbox;
    }

    /// The monitor offers these types.
    void offer(List<RegisteredType> types) {
        offered = types;
        refused = List.of();
    }

    /// Asks whatever there is to ask, unless an answer is awaited.
    void submitNext(ClusterState state) {
        if (!(asked instanceof Asked.Nothing) || System.nanoTime() - retryAtNanos < 0) {
            return;
        }
        var unknown = offered.stream()
                .filter(type -> !type.equals(state.types().get(type.name())))
                .toList();
        if (!unknown.isEmpty() && !unknown.equals(refused) && state.revision() >= answeredRevision) {
            submit(new Asked.Types(unknown), new Command.RegisterTypes(unknown));
            return;
        }
        var batch = reports.next(state);
        if (!batch.isEmpty()) {
            submit(new Asked.Reports(batch), new Command.ReportResources(self, incarnation, batch));
        }
    }

    private void submit(Asked what, Command command) {
        asked = what;
        number++;
        var id = "%s-%d-%d".formatted(self, incarnation, number);
        var _ = cluster.submit(new Request(id, "node " + self, what.text(), command, false))
                .thenAccept(inbox::post);
    }

    /// The answer to the last request.
    void answered(Answer answer) {
        var what = asked;
        asked = new Asked.Nothing();
        switch (answer) {
            case Answer.Done(var revision, var _) -> {
                answeredRevision = Math.max(answeredRevision, revision);
                settle(what);
            }
            case Answer.Refused(var refusal) -> {
                LOG.warn("{}: {} {}", what.text(), refusal.message(), refusal.advice());
                if (what instanceof Asked.Types(var list)) {
                    refused = list;
                }
                settle(what);
            }
            case Answer.Unavailable unavailable -> repeat(what, unavailable.message());
            case Answer.Unknown(var message) -> repeat(what, message);
        }
    }

    private void settle(Asked what) {
        if (what instanceof Asked.Reports(var batch)) {
            reports.sent(batch);
        }
    }

    private void repeat(Asked what, String why) {
        LOG.debug("{}: {}. It is repeated.", what.text(), why);
        retryAtNanos = System.nanoTime() + RETRY_INTERVAL.toNanos();
    }

    /// How long the caller may wait before it has to ask again.
    Duration retryIn(Duration longest) {
        long left = retryAtNanos - System.nanoTime();
        boolean pending = asked instanceof Asked.Nothing && left > 0 && left < longest.toNanos();
        return pending ? Duration.ofNanos(left).plusMillis(1) : longest;
    }
}
