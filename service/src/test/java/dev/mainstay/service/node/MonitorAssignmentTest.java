package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.N2;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.order.Held;
import dev.mainstay.core.state.EmbeddedFailureAction;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.service.monitors.MonitorSetup;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorAssignmentTest {
    private static final TypeName PROCESS = new TypeName("process");

    @ParameterizedTest
    @CsvSource({
        // resource, type,    apart, type apart, debugged, the monitor
        "OF_TYPE,  SHARED,   false, false, false, default",
        "OF_TYPE,  OF_TYPE,  false, false, false, default",
        "OF_TYPE,  TYPE,     false, false, false, type-process",
        "OF_TYPE,  GROUP,    false, false, false, group-site",
        "OF_TYPE,  SEPARATE, false, false, false, resource-web",
        "SHARED,   SEPARATE, false, false, false, default",
        "TYPE,     SHARED,   false, false, false, type-process",
        "GROUP,    TYPE,     false, false, false, group-site",
        "SEPARATE, SHARED,   false, false, false, resource-web",
        "OF_TYPE,  SHARED,   true,  false, false, resource-web",
        "GROUP,    SHARED,   true,  false, false, resource-web",
        "OF_TYPE,  SHARED,   false, true,  false, type-process",
        "GROUP,    SHARED,   false, true,  false, type-process",
        "SEPARATE, SHARED,   false, true,  false, resource-web",
        "OF_TYPE,  SHARED,   true,  true,  false, resource-web",
        "OF_TYPE,  SHARED,   false, false, true,  debug-web",
        "SEPARATE, SHARED,   true,  true,  true,  debug-web"
    })
    void namesTheMonitorOfAResource(
            MonitorChoice ofResource,
            MonitorChoice ofType,
            boolean apart,
            boolean typeApart,
            boolean debugged,
            String monitor) {
        var local = new MonitorAssignment.Local(
                apart ? Set.of(WEB) : Set.of(),
                typeApart ? Set.of(PROCESS) : Set.of(),
                debugged ? Set.of(WEB) : Set.of());

        assertThat(MonitorAssignment.wanted(web(ofResource), type(ofType, 0, 0), local))
                .isEqualTo(monitor);
    }

    @ParameterizedTest
    @CsvSource({
        // held state,      its sequence, attempt held, may it move
        "OFFLINE,         5, 1, true",
        "OFFLINE,         6, 1, false",
        "ONLINE,          5, 1, false",
        "ONLINE_PENDING,  5, 1, false",
        "OFFLINE_PENDING, 5, 1, false",
        "INITIALIZING,    5, 1, false",
        "FAILED,          5, 1, false",
        "FAILED,          5, 0, true",
        "FAILED,          6, 0, false"
    })
    void letsAResourceLeaveOnlyAtRestAndWhenTheLeaderKnowsAll(
            ResourceState state, long sequence, long attempt, boolean may) {
        var resource = cluster(N1, ResourceState.OFFLINE, 5).resource(WEB).orElseThrow();

        assertThat(MonitorAssignment.mayMove(new Held(state, 1, attempt, 0), sequence, resource, N1))
                .isEqualTo(may);
    }

    @Test
    void doesNotTrustAnObservationOnAnotherNode() {
        var resource = cluster(N2, ResourceState.OFFLINE, 5).resource(WEB).orElseThrow();

        assertThat(MonitorAssignment.mayMove(new Held(ResourceState.OFFLINE, 1, 1, 0), 1, resource, N1))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "default,      134217728,  0",
        "group-site,   134217728,  0",
        "type-process, 1073741824, 50",
        "resource-web, 1073741824, 50",
        "debug-web,    1073741824, 50",
    })
    void limitsMonitorsThatHostOneTypeOnly(String monitor, long heap, int cpu) {
        assertThat(MonitorAssignment.setup(monitor, type(MonitorChoice.SHARED, 1L << 30, 50)))
                .isEqualTo(new MonitorSetup(heap, cpu));
    }

    private static TypeSettings type(MonitorChoice choice, long memoryBytes, int cpuPercent) {
        var unset = TypeSettings.unset(PROCESS);
        return new TypeSettings(PROCESS, choice, memoryBytes, cpuPercent, unset.isolation(), unset.timing());
    }

    private static Resource web(MonitorChoice choice) {
        var resource = cluster(N1, ResourceState.OFFLINE, 5).resource(WEB).orElseThrow();
        var settings = resource.settings();
        return new Resource(
                new ResourceSettings(
                        settings.id(),
                        settings.group(),
                        settings.type(),
                        settings.description(),
                        settings.properties(),
                        settings.dependency(),
                        settings.restart(),
                        settings.timing(),
                        settings.possibleOwners(),
                        choice,
                        EmbeddedFailureAction.RECOVER),
                resource.status(),
                resource.revision());
    }
}
