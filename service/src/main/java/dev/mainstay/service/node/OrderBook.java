package dev.mainstay.service.node;

import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

    /// When each resource was told to come online that has not been heard of since.
    private final Map<ResourceId, Long> starting = new HashMap<>();

    private record Sent(List<Order> orders, long atNanos) {}

    /// These orders, without those that would take something offline under what has just been told to start: as
    /// far as it told it rests, but that is of before.
    List<Order> inOrder(List<Order> orders, ClusterState state, long nowNanos) {
        starting.values().removeIf(at -> nowNanos - at >= REPEAT_INTERVAL.toNanos());
        if (starting.isEmpty()) {
            return orders;
        }
        var needed = new HashSet<ResourceId>();
        starting.keySet()
                .forEach(id -> state.resource(id)
                        .ifPresent(
                                one -> needed.addAll(one.settings().dependency().providers())));
        return orders.stream()
                .filter(order -> !(order instanceof Order.TakeOffline) || !needed.contains(order.resource()))
                .toList();
    }

    /// A monitor told of a resource.
    void heardOf(ResourceId resource) {
        starting.remove(resource);
    }

    /// The orders to send now, out of those that hold now.
    List<Order> toSend(List<Order> orders, long nowNanos) {
        Map<ResourceId, List<Order>> wanted = new HashMap<>();
        for (var order : orders) {
            wanted.computeIfAbsent(order.resource(), _ -> new ArrayList<>()).add(order);
        }
        sent.keySet().retainAll(wanted.keySet());
        wanted.values().removeIf(ofOne -> isRecent(ofOne, nowNanos));
        wanted.forEach((resource, ofOne) -> {
            sent.put(resource, new Sent(ofOne, nowNanos));
            if (ofOne.stream().anyMatch(Order.BringOnline.class::isInstance)) {
                starting.put(resource, nowNanos);
            }
        });
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
        starting.keySet().removeAll(resources);
    }
}
