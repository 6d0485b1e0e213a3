package dev.mainstay.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.Boot;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClusterClockTest {
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Instant YEARS_AGO = Instant.parse("1970-01-02T00:00:00Z");
    private static final Instant YEARS_AHEAD = Instant.parse("2106-01-01T00:00:00Z");
    private static final NodeId N1 = new NodeId("n1");

    private Instant wall = NOON;
    private Duration uptime = Duration.ofHours(5);
    private final ClusterClock clock = new ClusterClock(() -> wall, () -> uptime, "boot-1");
    private final ClusterState empty = ClusterState.empty("demo");
    private final ClusterState atNoon = empty.advanced(NOON);

    @Test
    void theWallClockGivesTheFirstEntryItsTime() {
        assertThat(clock.at(empty)).isEqualTo(NOON);
        wall = YEARS_AHEAD;
        assertThat(clock.at(empty)).isEqualTo(YEARS_AHEAD);
        assertThat(clock.at(atNoon)).as("and no other entry").isEqualTo(NOON);
    }

    @Test
    void goesOnWithTheTimeSinceBootWhateverTheWallClockIsSetTo() {
        assertThat(clock.at(atNoon)).isEqualTo(NOON);
        wall = YEARS_AGO;
        uptime = uptime.plusMinutes(15);
        assertThat(clock.at(atNoon)).isEqualTo(NOON.plusSeconds(900));
        wall = YEARS_AHEAD;
        uptime = uptime.plusMinutes(15);
        assertThat(clock.at(atNoon)).isEqualTo(NOON.plusSeconds(1800));
    }

    @Test
    void anEntryFromAWrongClockYearsAheadChangesNoDuration() {
        clock.at(atNoon);
        var poisoned = atNoon.advanced(YEARS_AHEAD);

        assertThat(clock.at(poisoned)).isEqualTo(YEARS_AHEAD);
        uptime = uptime.plusSeconds(2);
        assertThat(clock.at(poisoned)).isEqualTo(YEARS_AHEAD.plusSeconds(2));
        assertThat(clock.wallTimeOf(YEARS_AHEAD.plusSeconds(10), poisoned))
                .as("for people by their clock")
                .isEqualTo(NOON.plusSeconds(8));
    }

    @Test
    void aServiceThatStartsAgainInTheSameBootCountsTheTimeBetween() {
        var started = atNoon.with(new Node(N1, Node.State.UP, 1, new Boot("boot-1", uptime, NOON, NOON)));
        uptime = uptime.plusMinutes(50);

        var again = new ClusterClock(() -> YEARS_AGO, () -> uptime, "boot-1");
        assertThat(again.at(started)).isEqualTo(NOON.plusSeconds(3000));

        var rebooted = new ClusterClock(() -> YEARS_AGO, () -> Duration.ofSeconds(20), "boot-2");
        assertThat(rebooted.at(started)).as("the time off does not count").isEqualTo(NOON);
    }

    @Test
    void neverGoesBack() {
        clock.at(atNoon.advanced(NOON.plusSeconds(60)));

        assertThat(clock.at(atNoon)).isEqualTo(NOON.plusSeconds(60));
    }
}
