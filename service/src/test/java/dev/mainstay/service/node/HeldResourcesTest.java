package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.N2;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldResourcesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final HeldResources held = new HeldResources(N1);

    @Test
    void takesAnOnlineResourceThatTheNewMonitorFindsOfflineForFailed() {
        held.inventory(List.of(), true, cluster(N1, ResourceState.ONLINE, 9), NOW);

        held.report(web(HeldState.INITIALIZING, 10, 0), NOW);
        var seen = held.report(web(HeldState.OFFLINE, 11, 0), NOW);

        assertThat(seen.state()).isEqualTo(HeldState.FAILED);
        assertThat(seen.attempt()).isEqualTo(1);
        assertThat(seen.sequence()).isEqualTo(11);
        assertThat(seen.detail()).isEqualTo(HeldResources.LOST);
        assertThat(held.view().get(WEB)).extracting("state").isEqualTo(ResourceState.FAILED);
    }

    @Test
    void givesASynthesizedFailureASequenceThatIsNews() {
        held.inventory(List.of(web(HeldState.OFFLINE, 2, 0)), true, cluster(N1, ResourceState.ONLINE, 9), NOW);

        assertThat(held.all().get(WEB)).extracting("sequence").isEqualTo(10L);
    }

    @Test
    void believesAMonitorThatAdopted() {
        held.inventory(List.of(), true, cluster(N1, ResourceState.ONLINE, 9), NOW);

        held.report(web(HeldState.ONLINE, 10, 1), NOW);
        var later = held.report(web(HeldState.OFFLINE, 11, 1), NOW);

        assertThat(later.state()).isEqualTo(HeldState.OFFLINE);
    }

    @Test
    void believesTheFirstMonitorOfAStartedNode() {
        held.inventory(List.of(web(HeldState.OFFLINE, 1, 0)), false, cluster(N1, ResourceState.ONLINE, 9), NOW);

        assertThat(held.all().get(WEB)).extracting("state").isEqualTo(HeldState.OFFLINE);
    }

    @Test
    void leavesResourcesOfOtherNodesAlone() {
        held.inventory(List.of(web(HeldState.OFFLINE, 10, 0)), true, cluster(N2, ResourceState.ONLINE, 9), NOW);

        assertThat(held.all().get(WEB)).extracting("state").isEqualTo(HeldState.OFFLINE);
    }
}
