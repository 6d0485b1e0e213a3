package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.TypeName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IsolationTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00.123456Z");
    private static final Duration SPAN = Duration.ofMinutes(10);
    private static final TypeName PROCESS = new TypeName("process");

    private final Isolation isolation = new Isolation();

    @Test
    void endsWithItsTime() {
        isolation.of(WEB, SPAN, NOW, "isAlive hung");
        isolation.of(PROCESS, SPAN.plusMillis(1), NOW, "startup hung");

        isolation.expire(NOW.plus(SPAN).minusNanos(1));
        assertThat(isolation.resources()).containsExactly(WEB);
        isolation.expire(NOW.plus(SPAN));

        assertThat(isolation.resources()).isEmpty();
        assertThat(isolation.why(WEB)).isEmpty();
        assertThat(isolation.types()).as("by its own time").containsExactly(PROCESS);
        isolation.expire(NOW.plus(SPAN).plusMillis(1));
        assertThat(isolation.types()).isEmpty();
    }

    @Test
    void withoutATimeLastsUntilTheServiceRestarts() {
        isolation.of(WEB, Duration.ZERO, NOW, "isAlive hung");

        isolation.expire(NOW.plus(Duration.ofDays(10_000)));

        assertThat(isolation.resources()).containsExactly(WEB);
        assertThat(isolation.why(WEB).orElseThrow().text())
                .isEqualTo("isolated until the cluster service restarts: isAlive hung");
    }

    @Test
    void saysWhyAndUntilWhen() {
        isolation.of(WEB, SPAN, NOW, "isAlive hung");

        assertThat(isolation.why(WEB).orElseThrow().text())
                .isEqualTo("isolated until 2026-12-01 10:10:00 UTC: isAlive hung");
        assertThat(isolation.why(new ResourceId("db"))).isEmpty();
    }

    @Test
    void beginsAnewWithTheNextHang() {
        isolation.of(WEB, SPAN, NOW, "isAlive hung");
        isolation.of(WEB, SPAN, NOW.plus(SPAN).minusSeconds(1), "open hung");

        isolation.expire(NOW.plus(SPAN));

        assertThat(isolation.why(WEB).orElseThrow().text()).endsWith("open hung");
    }
}
