package dev.mainstay.service.node;

import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.TypeSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;

/// The one place where words of the core become words of the protocol and back.
final class Translation {
    private Translation() {}

    /// @param endLeftover for an order to open: why what is left of it is ended; empty to adopt it
    /// @param sequence for an order to open: the number last seen
    static ToMonitor message(Order order, String endLeftover, long sequence) {
        return switch (order) {
            case Order.Open(var _, var configured) -> new ToMonitor.Open(spec(configured), endLeftover, sequence);
            case Order.Update(var _, var configured) -> new ToMonitor.Open(spec(configured), "", sequence);
            case Order.Close(var resource, var reason) -> new ToMonitor.Close(resource.value(), reason);
            case Order.BringOnline(var resource, var epoch, var attempt, var reason) ->
                new ToMonitor.Online(resource.value(), epoch, attempt, reason);
            case Order.Fail(var resource, var _, var why) -> new ToMonitor.Fail(resource.value(), why);
            case Order.TakeOffline(var resource, var epoch, var reason) ->
                new ToMonitor.Offline(resource.value(), epoch, reason);
        };
    }

    private static ResourceSpec spec(Resource resource) {
        var settings = resource.settings();
        var timing = settings.timing();
        return new ResourceSpec(
                settings.id().value(),
                settings.group().value(),
                settings.type().value(),
                new LinkedHashMap<>(settings.properties()),
                providers(settings.dependency()),
                timing.looksAliveInterval().toMillis(),
                timing.isAliveInterval().toMillis(),
                timing.pendingTimeout().toMillis(),
                timing.deadlockTimeout().toMillis(),
                resource.specRevision(),
                resource.status().maintenance().on());
    }

    private static List<List<String>> providers(Dependency dependency) {
        return dependency.all().stream()
                .map(one -> one.any().stream().map(ResourceId::value).toList())
                .toList();
    }

    static Held held(HeldResource held) {
        return new Held(state(held.state()), held.epoch(), held.attempt(), held.specRevision());
    }

    static Observed observed(NodeId node, HeldResource held) {
        return new Observed(
                state(held.state()),
                node,
                held.sequence(),
                held.epoch(),
                held.attempt(),
                held.checkpoint(),
                held.detail(),
                instant(held.seenAtMicros()),
                instant(held.changedAtMicros()),
                conditions(held.conditions()));
    }

    private static Conditions conditions(HeldResource.Conditions held) {
        return new Conditions(
                held.locked(), held.embeddedFailure(), held.networkLoss(), held.ignoredFailure(), held.lasting());
    }

    static RegisteredType type(TypeSpec spec) {
        return new RegisteredType(
                new TypeName(spec.name()), spec.version(), Duration.ofMillis(spec.pendingTimeoutMillis()));
    }

    private static ResourceState state(HeldState state) {
        return switch (state) {
            case INITIALIZING -> ResourceState.INITIALIZING;
            case OFFLINE -> ResourceState.OFFLINE;
            case ONLINE_PENDING -> ResourceState.ONLINE_PENDING;
            case ONLINE -> ResourceState.ONLINE;
            case OFFLINE_PENDING -> ResourceState.OFFLINE_PENDING;
            case FAILED -> ResourceState.FAILED;
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
