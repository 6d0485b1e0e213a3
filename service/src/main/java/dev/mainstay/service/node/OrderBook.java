package dev.mainstay.service.node;

import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was ordered last, so that monitors are told again only what changed or what they have not followed for
/// long.
///
/// **Threads:** one.
final class OrderBook {
    /// An order is confirmed by a report within milliseconds; one that is not may have been lost.
    static final Duration REPEAT_INTERVAL = Duration.ofSeconds(5);

    private final Map<ResourceId, Sent> sent = new HashMap<>();

    private record Sent(List<Order> orders, long atNanos) {}

    /// The orders to send now, out of those that hold now.
    List<Order> toSend(List<Order> orders, long nowNanos) {
        Map<ResourceId, List<Order>> wanted = new HashMap<>();
        for (var order : orders) {
            wanted.computeIfAbsent(order.resource(), _ -> new ArrayList<>()).add(order);
        }
        sent.keySet().retainAll(wanted.keySet());
        wanted.values().removeIf(ofOne -> isRecent(ofOne, nowNanos));
        wanted.forEach((resource, ofOne) -> sent.put(resource, new Sent(ofOne, nowNanos)));
        return orders.stream()
                .filter(order -> wanted.containsKey(order.resource()))
                .toList();
    }

    private boolean isRecent(List<Order> orders, long nowNanos) {
        var last = sent.get(orders.getFirst().resource());
        return last != null && last.orders().equals(orders) && nowNanos - last.atNanos() < REPEAT_INTERVAL.toNanos();
    }

    /// Another process listens now: it knows nothing of earlier orders about these resources.
    void forget(Collection<ResourceId> resources) {
        sent.keySet().removeAll(resources);
    }
}
