package dev.mainstay.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SystemdNoticeTest {
    @Test
    void knowsTheLimitThatIsMeantForThisProcess() {
        assertThat(SystemdNotice.limit("90000000", "17", 17)).contains(Duration.ofSeconds(90));
        assertThat(SystemdNotice.limit("90000000", null, 17)).contains(Duration.ofSeconds(90));
    }

    @Test
    void thereIsNoWatchdogForAnotherProcessOrWithoutALimit() {
        assertThat(SystemdNotice.limit("90000000", "18", 17)).isEmpty();
        assertThat(SystemdNotice.limit(null, null, 17)).isEmpty();
        assertThat(SystemdNotice.limit("0", null, 17)).isEmpty();
        assertThat(SystemdNotice.limit("soon", null, 17)).isEmpty();
    }
}
