package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldResourcesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final HeldResources held = new HeldResources();

    @Test
    void takesAnOnlineResourceThatTheNextMonitorFindsOfflineForFailed() {
        onlineInADeadMonitor();

        held.report("default", web(HeldState.INITIALIZING, 10, 0), NOW);
        var seen = held.report("default", web(HeldState.OFFLINE, 11, 0), NOW).orElseThrow();

        assertThat(seen.state()).isEqualTo(HeldState.FAILED);
        assertThat(seen.attempt()).isEqualTo(1);
        assertThat(seen.sequence()).isEqualTo(11);
        assertThat(seen.detail()).isEqualTo(HeldResources.LOST);
        assertThat(held.view(_ -> 0).get(WEB)).extracting("state").isEqualTo(ResourceState.FAILED);
    }

    @Test
    void startsNothingThatFailedBeforeItIsDecidedWhetherItMayBeRestarted() {
        onlineInADeadMonitor();

        held.report("default", web(HeldState.OFFLINE, 11, 0), NOW);
        held.report("default", web(HeldState.OFFLINE, 12, 0), NOW);

        assertThat(held.view(_ -> 9).get(WEB)).extracting("state", "attempt").containsExactly(ResourceState.FAILED, 1L);
        assertThat(held.view(_ -> 11).get(WEB))
                .extracting("state", "attempt")
                .containsExactly(ResourceState.OFFLINE, 0L);
    }

    @Test
    void takesForFailedWhatTheNextMonitorEndsBecauseItsRecordCannotBeRead() {
        onlineInADeadMonitor();

        held.report("default", web(HeldState.OFFLINE_PENDING, 10, 0), NOW);
        var seen = held.report("default", web(HeldState.OFFLINE, 11, 0), NOW).orElseThrow();

        assertThat(seen).extracting("state", "attempt").containsExactly(HeldState.FAILED, 1L);
    }

    @Test
    void countsAFailureOfTheNextMonitorForTheAttemptThatWasUnderWay() {
        onlineInADeadMonitor();

        var seen = held.report("default", web(HeldState.FAILED, 11, 0), NOW).orElseThrow();

        assertThat(seen).extracting("state", "attempt").containsExactly(HeldState.FAILED, 1L);
    }

    @Test
    void givesASynthesizedFailureASequenceThatIsNews() {
        onlineInADeadMonitor();

        held.attached("default", List.of(web(HeldState.OFFLINE, 2, 0)), NOW);

        assertThat(held.all().get(WEB)).extracting("sequence").isEqualTo(10L);
    }

    @Test
    void believesAMonitorThatAdopted() {
        onlineInADeadMonitor();

        held.report("default", web(HeldState.ONLINE, 10, 1), NOW);
        var later = held.report("default", web(HeldState.OFFLINE, 11, 1), NOW).orElseThrow();

        assertThat(later.state()).isEqualTo(HeldState.OFFLINE);
    }

    @Test
    void believesTheFirstMonitorOfAStartedNode() {
        held.attached("default", List.of(web(HeldState.OFFLINE, 1, 0)), NOW);

        assertThat(held.all().get(WEB)).extracting("state").isEqualTo(HeldState.OFFLINE);
    }

    @Test
    void keepsAResourceBoundUntilItsMonitorClosedItOrIsDead() {
        held.opening(WEB, "default");
        held.opening(WEB, "resource-web");
        assertThat(held.hostOf(WEB)).contains("default");

        held.closed("resource-web", WEB);
        assertThat(held.hostOf(WEB)).contains("default");

        held.closed("default", WEB);
        assertThat(held.hostOf(WEB)).isEmpty();
        held.opening(WEB, "resource-web");
        assertThat(held.gone("resource-web")).containsExactly(WEB);
        assertThat(held.hostOf(WEB)).isEmpty();
    }

    @Test
    void ignoresWhatAnotherMonitorSaysOfABoundResource() {
        held.report("default", web(HeldState.ONLINE, 1, 1), NOW);

        assertThat(held.report("resource-web", web(HeldState.OFFLINE, 9, 1), NOW))
                .isEmpty();

        assertThat(held.all().get(WEB)).extracting("state").isEqualTo(HeldState.ONLINE);
    }

    @Test
    void forgetsWhatAConnectedMonitorNoLongerHoldsButNotWhatItIsJustToldToOpen() {
        held.opening(WEB, "default");
        held.told("default", List.of(), NOW);
        assertThat(held.hostOf(WEB)).contains("default");

        held.attached("default", List.of(), NOW);
        assertThat(held.hostOf(WEB)).isEmpty();
    }

    @Test
    void tellsOfAResourceThatIsToBeEndedThatItsStateIsNotKnown() {
        onlineInADeadMonitor();

        var unknown = held.unknown(web(HeldState.ONLINE, 8, 1), "it hangs", 20, NOW);

        assertThat(unknown.state()).isEqualTo(HeldState.INITIALIZING);
        assertThat(unknown.detail()).isEqualTo("it hangs");
        assertThat(unknown.sequence()).isEqualTo(21);
        assertThat(unknown.attempt()).isEqualTo(1);
        assertThat(held.sequenceOf(WEB)).isEqualTo(21);
        assertThat(held.all()).isEmpty();
    }

    @Test
    void remembersTheSequenceForTheNextMonitor() {
        held.report("default", web(HeldState.OFFLINE, 7, 1), NOW);
        held.closed("default", WEB);

        assertThat(held.sequenceOf(WEB)).isEqualTo(7);
        held.keepOnly(List.of());
        assertThat(held.sequenceOf(WEB)).isZero();
    }

    private void onlineInADeadMonitor() {
        held.report("default", web(HeldState.ONLINE, 9, 1), NOW);
        assertThat(held.gone("default")).containsExactly(WEB);
        assertThat(held.view(_ -> 0)).isEmpty();
    }
}
