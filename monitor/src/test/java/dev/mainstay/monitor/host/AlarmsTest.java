package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.step.Effect.Alarm;
import dev.mainstay.monitor.step.ResourceEvent;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final long INTERVAL = 1_000;

    private final HandDrivenTime time = new HandDrivenTime();
    private final LinkedBlockingQueue<ResourceEvent> rung = new LinkedBlockingQueue<>();
    private final Mailbox mailbox = new Mailbox("r", rung::add, thrown -> rung.add(new ResourceEvent.OpenThrew("bug")));
    private final Alarms alarms = new Alarms(time, new Measures(time, new HeardVoice()), mailbox);

    private @Nullable ResourceEvent next() throws InterruptedException {
        return rung.poll(10, TimeUnit.SECONDS);
    }

    private void ringFirst() throws InterruptedException {
        alarms.arm(Alarm.LOOKS_ALIVE, INTERVAL);
        time.pass(INTERVAL);
        assertThat(next()).isEqualTo(new ResourceEvent.LooksAliveDue());
    }

    @Test
    void plansACheckByWhenTheOneBeforeWasPlanned() throws Exception {
        ringFirst();

        time.pass(300);
        alarms.arm(Alarm.LOOKS_ALIVE, INTERVAL);
        time.pass(699);
        assertThat(time.waiting()).isEqualTo(1);
        time.pass(1);

        assertThat(next()).isEqualTo(new ResourceEvent.LooksAliveDue());
    }

    @Test
    void leavesAWholeIntervalAfterACheckThatLastedHalfOfOne() throws Exception {
        ringFirst();

        time.pass(501);
        alarms.arm(Alarm.LOOKS_ALIVE, INTERVAL);
        time.pass(INTERVAL - 1);
        assertThat(time.waiting()).isEqualTo(1);
        time.pass(1);

        assertThat(next()).isEqualTo(new ResourceEvent.LooksAliveDue());
    }

    @Test
    void countsTheWholeDelayOfACheckThatIsArmedBeforeItRang() throws Exception {
        alarms.arm(Alarm.IS_ALIVE, INTERVAL);
        time.pass(500);
        alarms.arm(Alarm.IS_ALIVE, INTERVAL);

        time.pass(INTERVAL - 1);
        assertThat(time.waiting()).isEqualTo(1);
        time.pass(1);

        assertThat(next()).isEqualTo(new ResourceEvent.IsAliveDue());
    }

    @Test
    void doesNotRingWhenDisarmed() throws Exception {
        alarms.arm(Alarm.PENDING, INTERVAL);
        alarms.arm(Alarm.LOOKS_ALIVE, INTERVAL);
        alarms.disarmAll();

        alarms.arm(Alarm.CANCEL, INTERVAL);
        time.pass(INTERVAL);

        assertThat(next()).isEqualTo(new ResourceEvent.CancelTimedOut());
        assertThat(rung).isEmpty();
    }
}
