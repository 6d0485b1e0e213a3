package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong time = new AtomicLong();
    private final RateLimit limit = new RateLimit(time::get);

    @Test
    void admitsAFewAndTellsLaterHowManyItSkipped() {
        for (int line = 0; line < RateLimit.MOST_LINES; line++) {
            assertThat(limit.admit()).hasValue(0);
        }
        assertThat(limit.admit()).isEmpty();
        assertThat(limit.admit()).isEmpty();

        time.addAndGet(RateLimit.SPAN.toNanos());

        assertThat(limit.admit()).hasValue(2);
        assertThat(limit.admit()).hasValue(0);
    }
}
