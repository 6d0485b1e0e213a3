package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.withDatabase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.service.journal.LocalFact;
import dev.mainstay.service.monitors.Ending;
import dev.mainstay.service.monitors.Suspects;
import dev.mainstay.service.monitors.Suspects.Suspect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IncidentsTest {
    private static final ResourceId DB = new ResourceId("db");
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Instant now = NOON;
    private final List<LocalFact> facts = new ArrayList<>();
    private final Incidents incidents = new Incidents(N1, facts::add, () -> now);

    private void crash(String monitor, Instant at, Suspect... suspects) {
        now = at;
        var ending = new Ending(
                Ending.Kind.CRASHED,
                7,
                at,
                "ended by signal 6",
                Optional.empty(),
                "",
                new Suspects(List.of(suspects), true));
        incidents.ended(monitor, ending, Set.of(WEB, DB), withDatabase(cluster(N1, ResourceState.ONLINE, 1)));
    }

    private static Suspect of(String resource) {
        return new Suspect(resource, "process", "isAlive", NOON);
    }

    @Test
    void givesTheOnlySuspectOfACrashAMonitorOfItsOwnAndLetsItBeAdopted() {
        crash("default", NOON, of("web"));

        assertThat(incidents.isolation().resources()).containsExactly(WEB);
        assertThat(incidents.leftoverOf(WEB)).isEmpty();
        assertThat(facts).extracting(LocalFact::event).containsExactly("MonitorEnded", "ResourceIsolated");
        assertThat(facts.getLast().text()).contains("so that its next crash concerns it alone");
    }

    @Test
    void failsTheResourceThatEndsTheMonitorOfItsOwn() {
        crash("resource-web", NOON, of("web"));

        assertThat(incidents.leftoverOf(WEB)).contains("ended by signal 6");
        assertThat(facts).extracting(LocalFact::event).containsExactly("MonitorEnded", "ResourceCrashed");
    }

    @Test
    void isolatesOneOfSeveralSuspectsOnlyWhenItIsSuspectedAgainWithinAnHour() {
        crash("default", NOON, of("web"), of("db"));
        assertThat(incidents.isolation().resources()).isEmpty();

        crash("default", NOON.plus(Duration.ofMinutes(59)), of("db"), of("other"));

        assertThat(incidents.isolation().resources()).containsExactly(DB);
    }

    @Test
    void forgetsASuspicionAfterAnHour() {
        crash("default", NOON, of("web"), of("db"));

        crash("default", NOON.plus(Duration.ofMinutes(61)), of("web"), of("other"));

        assertThat(incidents.isolation().resources()).isEmpty();
    }

    @Test
    void givesATypeWhoseOwnCallWasUnderWayMonitorsOfItsOwn() {
        crash("default", NOON, of(""));

        assertThat(incidents.isolation().types()).containsExactly(new TypeName("process"));
        assertThat(facts).extracting(LocalFact::event).containsExactly("MonitorEnded", "TypeIsolated");
    }

    @Test
    void isolatesNobodyWhoIsGoneOrUnknown() {
        crash("default", NOON, of("gone"));
        crash("default", NOON);

        assertThat(incidents.isolation().resources()).isEmpty();
        assertThat(incidents.isolation().types()).isEmpty();
    }

    @Test
    void forgetsTheSuspicionOfAResourceThatIsDeleted() {
        crash("default", NOON, of("web"), of("db"));

        incidents.keepOnly(Set.of(DB));
        crash("default", NOON, of("web"), of("db"));

        assertThat(incidents.isolation().resources()).containsExactly(DB);
    }
}
