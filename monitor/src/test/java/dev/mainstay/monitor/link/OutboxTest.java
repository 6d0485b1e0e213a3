package dev.mainstay.monitor.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlExtended;
import dev.mainstay.protocol.ToService.Inventory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Outbox outbox = new Outbox();

    private Optional<ToService> connectedAndTold() throws InterruptedException {
        outbox.connected(() -> new Inventory(List.of(), List.of()));
        return outbox.take();
    }

    @Test
    void tellsAnswersInOrderAndOnlyToWhoWaits() throws Exception {
        assertThat(outbox.tell(new ControlExtended(1, 1))).as("nobody is there").isFalse();
        assertThat(connectedAndTold()).containsInstanceOf(Inventory.class);
        assertThat(outbox.tell(new ControlExtended(2, 1))).isTrue();
        assertThat(outbox.tell(new ControlExtended(3, 1))).isTrue();

        assertThat(outbox.take()).contains(new ControlExtended(2, 1));
        assertThat(outbox.take()).contains(new ControlExtended(3, 1));
    }

    @Test
    void keepsALimitedNumberOfAnswersForAServiceThatDoesNotRead() throws Exception {
        connectedAndTold();
        int kept = 0;
        while (outbox.tell(new ControlExtended(kept, 1))) {
            kept++;
        }

        assertThat(kept).isEqualTo(1_024);
        outbox.take();
        assertThat(outbox.tell(new ControlExtended(9, 9))).isTrue();
    }

    @Test
    void forgetsAnswersWithTheConnectionAndTellsOfItsLoss() throws Exception {
        var lost = new AtomicInteger();
        outbox.whenLost(lost::incrementAndGet);
        connectedAndTold();
        outbox.tell(new ControlExtended(1, 1));
        outbox.disconnected();

        assertThat(lost).hasValue(1);
        assertThat(connectedAndTold()).containsInstanceOf(Inventory.class);
        outbox.tell(new ControlExtended(2, 1));
        assertThat(outbox.take()).contains(new ControlExtended(2, 1));
    }
}
