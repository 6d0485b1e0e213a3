package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RealTimeTest {
    private static final long SOON_NANOS = 100_000_000;

    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final RealTime time = new RealTime(bugs::add);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void end() {
        released.countDown();
        time.close();
    }

    private void hang() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void makesTheChecksOfOneMomentOnOneThreadInTheirOrder() throws Exception {
        var made = new LinkedBlockingQueue<String>();
        long moment = time.together(time.nanos() + SOON_NANOS);
        for (int i = 0; i < 3; i++) {
            var name = "check " + i;
            time.check(
                    moment,
                    () -> made.add(name + " on " + Thread.currentThread().threadId()));
        }

        var first = made.poll(10, TimeUnit.SECONDS);
        assertThat(first).startsWith("check 0 on ");
        var thread = first.substring("check 0 on ".length());
        assertThat(made.poll(10, TimeUnit.SECONDS)).isEqualTo("check 1 on " + thread);
        assertThat(made.poll(10, TimeUnit.SECONDS)).isEqualTo("check 2 on " + thread);
    }

    @Test
    void makesWhatFallsDueBehindACheckThatHangs() throws Exception {
        var behind = new CountDownLatch(2);
        long moment = time.together(time.nanos() + SOON_NANOS);
        time.check(moment, this::hang);
        time.check(moment, behind::countDown);
        time.check(moment + RealTime.GRID_NANOS + 1, behind::countDown);

        assertThat(behind.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void doesWhatWasHandedInBehindATaskThatHangs() throws Exception {
        var behind = new CountDownLatch(3);
        time.soon(this::hang);
        time.soon(behind::countDown);
        time.soon(this::hang);
        time.soon(behind::countDown);
        time.soon(behind::countDown);

        assertThat(behind.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void doesNotMakeACheckThatWasCancelled() throws Exception {
        var made = new LinkedBlockingQueue<String>();
        long moment = time.together(time.nanos() + SOON_NANOS);
        var cancelled = time.check(moment, () -> made.add("cancelled"));
        time.check(moment, () -> made.add("other"));
        cancelled.cancel();

        assertThat(made.poll(10, TimeUnit.SECONDS)).isEqualTo("other");
        assertThat(made).isEmpty();
    }

    @Test
    void tellsOfACheckThatThrowsAndMakesTheNext() throws Exception {
        var next = new CountDownLatch(1);
        var bug = new IllegalStateException("a bug");
        long moment = time.together(time.nanos() + SOON_NANOS);
        time.check(moment, () -> {
            throw bug;
        });
        time.check(moment, next::countDown);

        assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bugs).containsExactly(bug);
    }

    @Test
    void choosesMomentsThatAreNear() {
        for (long nanos : List.of(-1L, 0L, 9_999_999L, 10_000_000L, 123_456_789L)) {
            assertThat(Duration.ofNanos(time.together(nanos) - nanos).abs())
                    .isLessThanOrEqualTo(Duration.ofNanos(RealTime.GRID_NANOS / 2));
            assertThat(time.together(time.together(nanos))).isEqualTo(time.together(nanos));
        }
    }
}
