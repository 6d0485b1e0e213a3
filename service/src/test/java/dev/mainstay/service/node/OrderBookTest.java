package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.ResourceId;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBookTest {
    private static final Order ONLINE = new Order.BringOnline(WEB, 1, 1, "RESTART");
    private static final Order OFFLINE = new Order.TakeOffline(WEB, 1, "REQUESTED");
    private static final ResourceId DB = new ResourceId("db");
    private final OrderBook book = new OrderBook();

    @Test
    void sendsAnOrderOnce() {
        assertThat(book.toSend(List.of(ONLINE), 0)).containsExactly(ONLINE);
        assertThat(book.toSend(List.of(ONLINE), 1)).isEmpty();
    }

    @Test
    void repeatsAnOrderThatIsNotFollowed() {
        book.toSend(List.of(ONLINE), 0);

        assertThat(book.toSend(List.of(ONLINE), OrderBook.REPEAT_INTERVAL.toNanos()))
                .hasSize(1);
    }

    @Test
    void sendsAnotherOrderAtOnce() {
        book.toSend(List.of(ONLINE), 0);

        assertThat(book.toSend(List.of(OFFLINE), 1)).containsExactly(OFFLINE);
    }

    @Test
    void sendsTheSameOrderAgainAfterItWasFollowed() {
        book.toSend(List.of(ONLINE), 0);
        book.toSend(List.of(), 1);

        assertThat(book.toSend(List.of(ONLINE), 2)).hasSize(1);
    }

    /// `web` needs `db`, and is told to start; before its monitor has answered, both are to stop.
    @Test
    void takesNothingOfflineUnderWhatHasJustBeenToldToStart() {
        var offline = new Order.TakeOffline(DB, 1, "REQUESTED");
        var state = Samples.webOnDatabase();
        book.toSend(List.of(ONLINE), 0);
        assertThat(book.inOrder(List.of(offline), state, 1)).isEmpty();
        assertThat(book.inOrder(List.of(OFFLINE), state, 1)).as("what needs it").containsExactly(OFFLINE);

        book.toSend(List.of(), 1);
        assertThat(book.inOrder(List.of(offline), state, 2))
                .as("though the order is not in force any more")
                .isEmpty();
        book.heardOf(WEB);
        assertThat(book.inOrder(List.of(offline), state, 3)).containsExactly(offline);
    }

    @Test
    void waitsForNoMonitorThatIgnoresAnOrder() {
        var offline = new Order.TakeOffline(DB, 1, "REQUESTED");
        book.toSend(List.of(ONLINE), 0);

        assertThat(book.inOrder(List.of(offline), Samples.webOnDatabase(), OrderBook.REPEAT_INTERVAL.toNanos()))
                .containsExactly(offline);
    }

    @Test
    void tellsANewProcessEverything() {
        book.toSend(List.of(ONLINE), 0);
        book.forget(List.of(WEB));

        assertThat(book.toSend(List.of(ONLINE), 1)).hasSize(1);
    }
}
