package dev.mainstay.monitor.host;

import dev.mainstay.monitor.record.Records;
import dev.mainstay.monitor.step.ResourceEvent;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The resources of one monitor: takes orders, keeps what they need, and stops all of it in order.
///
/// **Threads:** [#order] from one thread, the others from anywhere; none of them waits for an entry point.
public final class Host {
    /// How long a graceful stop may take before what still runs is terminated, in milliseconds. A stop of a node
    /// should not take longer than this for one that hangs.
    static final long STOP_MILLIS = 60_000;

    /// How long terminating may take after that before the monitor ends all the same, in milliseconds.
    static final long TERMINATE_MILLIS = 15_000;

    private final Map<String, HostedType> types = new TreeMap<>();
    private final Map<String, HostedResource> resources = new ConcurrentSkipListMap<>();
    private final Hosting hosting;
    private final Leftovers leftovers;
    /// What nobody opened and what is being ended by its name alone; an order to open it waits for that.
    private final Map<String, Optional<ResourceSpec>> ending = new TreeMap<>();
    private final Set<String> stopOrdered = new HashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Optional<Reason> stopping = Optional.empty();

    /// What a host is made of.
    ///
    /// @param directory the monitor's own folder
    /// @param types the resource types it knows
    /// @param processes gives the processes of a resource by its name and folder
    /// @param holdMillis how long what the monitor before this one left may wait for being opened, in
    ///     milliseconds
    /// @param deadlock is told the evidence of a call that does not return, and ends the process
    public record Parts(
            Path directory,
            Iterable<ResourceType> types,
            BiFunction<String, Path, Processes> processes,
            Time time,
            Voice voice,
            long holdMillis,
            Consumer<String> deadlock) {}

    /// Reads what the monitor before this one left; opens nothing yet.
    public Host(Parts parts) throws IOException {
        var records = new Records(parts.directory().resolve("records"));
        hosting = new Hosting(
                parts.time(),
                new Deadline(parts.time(), parts.deadlock()),
                records,
                parts.voice(),
                parts.directory().resolve("resources"),
                parts.processes()::apply);
        leftovers = new Leftovers(records, parts.voice());
        for (var type : parts.types()) {
            var hosted = new HostedType(type);
            types.put(hosted.description().name(), hosted);
        }
        if (!leftovers.isEmpty()) {
            parts.time().after(parts.holdMillis(), this::endUnopened);
        }
    }

    /// Everything that is hosted, as it is now.
    public ToService.Inventory inventory() {
        return new ToService.Inventory(
                types.values().stream().map(HostedType::spec).toList(),
                resources.values().stream().map(HostedResource::held).toList());
    }

    /// Follows an order about a resource.
    public void order(ToMonitor order) {
        switch (order) {
            case ToMonitor.Open(var spec, var _, var _) -> open(spec);
            case ToMonitor.Close(var resource, var reason) -> close(resource, reason);
            case ToMonitor.Online(var resource, var epoch, var attempt, var reason) ->
                pass(resource, new ResourceEvent.OnlineOrdered(epoch, attempt, reason(reason)));
            case ToMonitor.Offline(var resource, var epoch, var reason) ->
                pass(resource, new ResourceEvent.OfflineOrdered(epoch, reason(reason)));
            case ToMonitor.Fail(var resource, var reason) -> pass(resource, new ResourceEvent.FailOrdered(reason));
            case ToMonitor.Welcome _,
                    ToMonitor.Refused _,
                    ToMonitor.Starting _,
                    ToMonitor.Control _,
                    ToMonitor.QueryAnswer _,
                    ToMonitor.AskMeasures _,
                    ToMonitor.LoadPlugins _,
                    ToMonitor.Ask _,
                    ToMonitor.Stop _ ->
                hosting.voice().log(Level.WARNING, "", "%s is not about a resource: it is ignored.".formatted(order));
        }
    }

    private static Reason reason(String name) {
        for (var reason : Reason.values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        return Reason.REQUESTED;
    }

    private synchronized void open(ResourceSpec spec) {
        var known = resources.get(spec.resource());
        if (known != null) {
            known.prefer(spec);
        } else if (ending.containsKey(spec.resource())) {
            ending.put(spec.resource(), Optional.of(spec));
        } else if (stopping.isEmpty()) {
            host(spec);
        }
    }

    private HostedResource host(ResourceSpec spec) {
        var resource = new HostedResource(
                hosting,
                Optional.ofNullable(types.get(spec.type())),
                types.isEmpty() ? "none" : String.join(", ", types.keySet()),
                spec,
                leftovers.take(spec.resource()),
                this::changed);
        resources.put(spec.resource(), resource);
        resource.open();
        return resource;
    }

    private void close(String name, String reason) {
        var resource = resources.get(name);
        if (resource == null) {
            hosting.voice().closed(name);
        } else {
            resource.post(new ResourceEvent.CloseOrdered(reason(reason)));
        }
    }

    private void pass(String name, ResourceEvent event) {
        var resource = resources.get(name);
        if (resource == null) {
            hosting.voice()
                    .log(
                            Level.WARNING,
                            name,
                            "%s for a resource that is not open here: open it first."
                                    .formatted(event.getClass().getSimpleName()));
        } else if (stopping(event)) {
            resource.post(event);
        }
    }

    /// Nothing comes online any more once the monitor stops.
    private synchronized boolean stopping(ResourceEvent event) {
        return stopping.isEmpty() || !(event instanceof ResourceEvent.OnlineOrdered);
    }

    /// Takes everything offline, dependents before their providers, and terminates what the monitor before
    /// this one left and nobody opened.
    ///
    /// **Time:** after 60 s what still runs is terminated; 15 s later the answer is open in any case.
    ///
    /// @return opens when nothing runs any more
    public synchronized CountDownLatch stop(Reason reason) {
        if (stopping.isEmpty()) {
            stopping = Optional.of(reason);
            leftovers.unopened().forEach(this::host);
            leftovers.takeUnreadable().forEach(this::endByName);
            hosting.time().after(STOP_MILLIS, this::terminateAll);
            advanceStop(reason);
        }
        return stopped;
    }

    /// What nobody wanted within the hold time belongs to nobody any more, or to another node.
    private synchronized void endUnopened() {
        if (stopping.isPresent()) {
            return;
        }
        for (var spec : leftovers.unopened()) {
            hosting.voice()
                    .log(
                            Level.WARNING,
                            spec.resource(),
                            "left by the monitor before this one and not opened within the hold time: it is ended.");
            host(spec).post(new ResourceEvent.CloseOrdered(Reason.SERVICE_LOST));
        }
        leftovers.takeUnreadable().forEach(this::endByName);
    }

    private void endByName(String name) {
        ending.put(name, Optional.empty());
        Thread.ofVirtual().name(name + " end").start(() -> {
            try {
                hosting.processesOf(name).endAll();
                hosting.records().drop(name);
                hosting.voice().log(Level.WARNING, name, "its record cannot be read: what ran of it was ended.");
            } catch (ResourceFailure | IOException | RuntimeException e) {
                hosting.voice().log(Level.ERROR, name, "something of it may still run: " + Words.of(e));
            }
            ended(name);
        });
    }

    private synchronized void ended(String name) {
        var wanted = ending.remove(name);
        if (stopping.isPresent()) {
            advanceStop(stopping.get());
        } else if (wanted != null) {
            wanted.ifPresent(this::host);
        }
    }

    private void terminateAll() {
        hosting.time().after(TERMINATE_MILLIS, stopped::countDown);
        for (var resource : resources.values()) {
            if (!resource.atRest()) {
                hosting.voice()
                        .log(
                                Level.WARNING,
                                resource.name(),
                                "not offline after %d s: it is terminated.".formatted(STOP_MILLIS / 1_000));
                resource.post(new ResourceEvent.CloseOrdered(Reason.SHUTDOWN));
            }
        }
    }

    private synchronized void changed(HostedResource resource) {
        if (resource.isClosed()) {
            resources.remove(resource.name(), resource);
        }
        stopping.ifPresent(this::advanceStop);
    }

    private void advanceStop(Reason reason) {
        var up = resources.values().stream()
                .filter(resource -> !resource.atRest())
                .map(HostedResource::name)
                .collect(Collectors.toSet());
        if (up.isEmpty() && ending.isEmpty()) {
            stopped.countDown();
            return;
        }
        List<ResourceSpec> specs =
                resources.values().stream().map(HostedResource::spec).toList();
        for (var name : StopOrder.next(specs, up)) {
            var resource = resources.get(name);
            if (resource != null && stopOrdered.add(name)) {
                resource.post(new ResourceEvent.StopOrdered(reason));
            }
        }
    }
}
