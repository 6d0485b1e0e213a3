package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.N2;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PendingReportsTest {
    private final ClusterState state = cluster(N1, ResourceState.OFFLINE, 0);
    private final PendingReports reports = new PendingReports(N1);

    @Test
    void sendsOnlyTheLatestState() {
        reports.add(web(HeldState.ONLINE_PENDING, 1, 1));
        reports.add(web(HeldState.ONLINE, 2, 1));

        assertThat(sendAll()).containsExactly(ResourceState.ONLINE);
    }

    @Test
    void neverSwallowsAFailure() {
        reports.add(web(HeldState.ONLINE, 1, 1));
        reports.add(web(HeldState.FAILED, 2, 1));
        reports.add(web(HeldState.ONLINE_PENDING, 3, 2));
        reports.add(web(HeldState.ONLINE, 4, 2));

        assertThat(sendAll()).containsExactly(ResourceState.FAILED, ResourceState.ONLINE);
    }

    @Test
    void tellsThatAStateIsNotKnownOnlyWithAReason() {
        reports.add(web(HeldState.INITIALIZING, 1, 1));
        assertThat(sendAll()).isEmpty();

        reports.add(new HeldResource("web", HeldState.INITIALIZING, 2, 1, 1, 0, "", "open failed", 0, 0));

        assertThat(sendAll()).containsExactly(ResourceState.INITIALIZING);
    }

    @Test
    void keepsAReportUntilItIsDecidedUpon() {
        reports.add(web(HeldState.ONLINE, 1, 1));

        assertThat(reports.next(state)).isEqualTo(reports.next(state)).isNotEmpty();
    }

    @Test
    void keepsWhatCameWhileAnOlderReportWasOnItsWay() {
        reports.add(web(HeldState.ONLINE_PENDING, 1, 1));
        var batch = reports.next(state);
        reports.add(web(HeldState.ONLINE, 2, 1));
        reports.sent(batch);

        assertThat(sendAll()).containsExactly(ResourceState.ONLINE);
    }

    @Test
    void dropsReportsOnResourcesOfOtherOwners() {
        reports.add(web(HeldState.OFFLINE, 1, 1));

        assertThat(reports.next(cluster(N2, ResourceState.OFFLINE, 0))).isEmpty();
        assertThat(reports.isEmpty()).isTrue();
    }

    @Test
    void comparesWhatIsHeldWithWhatTheClusterKnows() {
        var held = new TreeMap<>(java.util.Map.of(WEB, web(HeldState.ONLINE, 5, 1)));

        reports.compare(held, cluster(N1, ResourceState.ONLINE, 5));
        assertThat(reports.isEmpty()).isTrue();

        reports.compare(held, cluster(N1, ResourceState.ONLINE_PENDING, 4));
        assertThat(sendAll()).containsExactly(ResourceState.ONLINE);
    }

    private List<ResourceState> sendAll() {
        var sent = new ArrayList<ResourceState>();
        for (var batch = reports.next(state); !batch.isEmpty(); batch = reports.next(state)) {
            sent.add(batch.firstEntry().getValue().state());
            reports.sent(batch);
        }
        return sent;
    }
}
