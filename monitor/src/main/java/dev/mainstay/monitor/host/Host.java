package dev.mainstay.monitor.host;

import dev.mainstay.monitor.record.CallMarks;
import dev.mainstay.monitor.record.Records;
import dev.mainstay.monitor.step.ResourceEvent;
import dev.mainstay.protocol.MarkedCalls;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The resources of one monitor: takes orders, keeps what they need, and stops all of it in order.
///
/// **Threads:** [#order] from one thread, the others from anywhere; none of them waits for an entry point.
public final class Host implements AutoCloseable {
    /// How long a graceful stop may take before what still runs is terminated, in milliseconds. A stop of a node
    /// should not take longer than this for one that hangs.
    static final long STOP_MILLIS = 60_000;

    /// How long terminating may take after that before the monitor ends all the same, in milliseconds.
    static final long TERMINATE_MILLIS = 15_000;

    /// How long what the monitor before this one left may wait for being opened, in milliseconds, once the service
    /// knows what it wants: it says so within a second, a starved one later.
    static final long UNOPENED_MILLIS = 30_000;

    /// How soon a resource that another monitor still hosts is claimed again, in milliseconds: that one has been
    /// told to close it, or is dying.
    static final long CLAIM_RETRY_MILLIS = 100;

    /// How long the types may take to hear that the monitor ends, in milliseconds: all of them together ten times
    /// what one entry point may take.
    static final long FAREWELL_MILLIS = 3_000;

    private final KnownTypes types;
    private final Map<String, HostedResource> resources = new ConcurrentSkipListMap<>();
    private final Hosting hosting;
    private final Leftovers leftovers;
    /// What nobody opened and what is being ended by its name alone; an order to open it waits for that.
    private final Map<String, Optional<ToMonitor.Open>> ending = new TreeMap<>();
    /// What shall be opened here and is still claimed by another monitor.
    private final Map<String, ToMonitor.Open> waiting = new TreeMap<>();
    private final Set<String> stopOrdered = new HashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    // Written under the lock, read without it after a step: whoever stops sees that step, or the step sees the
    // stop.
    private volatile Optional<Reason> stopping = Optional.empty();
    private boolean saidFarewell;
    /// How often a service came or went.
    private long services;

    /// What a host is made of.
    ///
    /// @param types the resource types it knows
    /// @param processes gives the processes of a resource by its name and folder
    /// @param incidents is told why the monitor cannot go on, and ends the process; must not block
    public record Parts(
            Place place,
            TypeSource types,
            ProcessesOf processes,
            Time time,
            Voice voice,
            Consumer<Incident> incidents) {}

    /// Who it is and where it keeps what outlives it.
    ///
    /// @param monitor its name on its node
    /// @param data the folder that all monitors of the node share
    /// @param debugged whether a debugger may stop its threads: then calls and operations have no limits
    public record Place(String monitor, Path data, boolean debugged) {
        /// The folder of a resource.
        public Path folderOf(String resource) {
            return resources().resolve(resource);
        }

        /// The folder of all evidence of this node.
        public Path evidence() {
            return data.resolve("evidence");
        }

        /// Where the calls under way are marked for whoever finds this process dead.
        Path marks() {
            return data.resolve("monitors").resolve(monitor).resolve(MarkedCalls.FILE);
        }

        Path resources() {
            return data.resolve("resources");
        }
    }

    /// Opens nothing yet.
    public Host(Parts parts) throws IOException {
        var place = parts.place();
        var records = new Records(place.data().resolve("records"), place.monitor());
        var measures = new Measures(parts.time(), parts.voice());
        var deadline = new Deadline(parts.time(), !place.debugged(), measures, parts.incidents());
        var marks =
                CallMarks.begin(place.marks(), parts.time()::nanos, parts.time().micros());
        hosting = new Hosting(
                place.monitor(),
                parts.time(),
                place.debugged(),
                deadline,
                measures,
                records,
                marks,
                parts.voice(),
                place.resources(),
                parts.processes(),
                new Questions(parts.time(), parts.voice()),
                new ControlsUnderWay(parts.time(), parts.voice(), deadline),
                () -> parts.voice().tellAll(this::inventory));
        marks.trouble()
                .ifPresent(why -> parts.voice()
                        .log(
                                Level.WARNING,
                                "",
                                "calls cannot be marked in '%s': %s. If this monitor crashes, nobody can say in which call."
                                        .formatted(place.marks(), why)));
        leftovers = new Leftovers(records, place.monitor(), parts.voice());
        types = new KnownTypes(parts.types(), hosting);
        if (place.debugged()) {
            parts.voice().log(Level.WARNING, "", "this monitor is debugged: deadlock and pending timeouts are off.");
        }
    }

    /// Looks for types again. What runs goes on as it is; a resource gets another version of its type as soon as
    /// it is at rest.
    ///
    /// **Time:** as long as the source takes, seconds for a plugin that hangs.
    public void lookForTypes() {
        types.look();
        resources.values().forEach(HostedResource::typesChanged);
    }

    /// Everything that is hosted, as it is now.
    public ToService.Inventory inventory() {
        return new ToService.Inventory(
                types.all().stream().map(HostedType::spec).toList(),
                resources.values().stream().map(HostedResource::held).toList(),
                types.refused());
    }

    /// Follows an order about a resource, passes a control on, or an answer.
    public void order(ToMonitor order) {
        switch (order) {
            case ToMonitor.Open open -> open(open);
            case ToMonitor.Close(var resource, var reason) -> close(resource, reason);
            case ToMonitor.Online(var resource, var epoch, var attempt, var reason) ->
                pass(resource, new ResourceEvent.OnlineOrdered(epoch, attempt, reason(reason)));
            case ToMonitor.Offline(var resource, var epoch, var reason) ->
                pass(resource, new ResourceEvent.OfflineOrdered(epoch, reason(reason)));
            case ToMonitor.Fail(var resource, var reason) -> pass(resource, new ResourceEvent.FailOrdered(reason));
            case ToMonitor.Starting starting -> {
                hosting.questions().starting(starting);
                types.hear(starting);
                if (starting.phase() > 1) {
                    awaitOpens();
                }
            }
            case ToMonitor.Control asked ->
                hosting.controls()
                        .take(
                                asked,
                                asked.resource().isEmpty()
                                        ? types.named(asked.type()).map(type -> new AddressedType(type, hosting))
                                        : Optional.ofNullable(resources.get(asked.resource())));
            case ToMonitor.QueryAnswer answer -> hosting.questions().answered(answer);
            case ToMonitor.AskMeasures(var id) -> tellMeasures(id);
            // by way of the timers: one who answers is one whose checks begin
            case ToMonitor.Beat(var number, var _, var _) ->
                hosting.time().after(0, () -> hosting.voice().tell(new ToService.Beat(number)));
            case ToMonitor.Welcome _, ToMonitor.Refused _, ToMonitor.LoadPlugins _, ToMonitor.Ask _, ToMonitor.Stop _ ->
                hosting.voice().log(Level.WARNING, "", "%s is not about a resource: it is ignored.".formatted(order));
        }
    }

    /// The cluster service is gone: nobody waits for controls any more, and nobody answers questions.
    public void serviceLost() {
        synchronized (this) {
            services++;
        }
        hosting.questions().serviceLost();
        hosting.controls().serviceLost();
    }

    private void tellMeasures(long id) {
        if (!hosting.voice()
                .tell(hosting.measures().answer(id, hosting.deadline().underway()))) {
            hosting.voice().log(Level.WARNING, "", "the measures are not told: too many answers wait. Ask again.");
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

    private synchronized void open(ToMonitor.Open order) {
        var name = order.spec().resource();
        var known = resources.get(name);
        // One that has just told of its end is about to leave the map.
        if (known != null && !known.isClosed()) {
            known.prefer(order.spec());
        } else if (ending.containsKey(name)) {
            ending.put(name, Optional.of(order));
        } else if (stopping.isEmpty()) {
            claim(order);
        }
    }

    /// Two monitors never host one resource: what another one still has is waited for.
    private void claim(ToMonitor.Open order) {
        var name = order.spec().resource();
        if (leftovers.claim(name)) {
            waiting.remove(name);
            host(order);
        } else if (waiting.put(name, order) == null) {
            hosting.voice().log(Level.WARNING, name, "another monitor still hosts it: it is opened here after that.");
            hosting.time().after(CLAIM_RETRY_MILLIS, () -> claimAgain(name));
        }
    }

    private synchronized void claimAgain(String name) {
        var order = waiting.get(name);
        if (order == null || stopping.isPresent()) {
            waiting.remove(name);
        } else if (leftovers.claim(name)) {
            waiting.remove(name);
            host(order);
        } else {
            hosting.time().after(CLAIM_RETRY_MILLIS, () -> claimAgain(name));
        }
    }

    private HostedResource host(ToMonitor.Open order) {
        var spec = order.spec();
        var leftover = leftovers.take(spec.resource()).above(order.sequence());
        var resource = new HostedResource(
                hosting,
                types,
                spec,
                order.endLeftover().isEmpty() ? leftover : leftover.condemned(),
                order.endLeftover(),
                this::changed);
        resources.put(spec.resource(), resource);
        resource.open();
        return resource;
    }

    private void close(String name, String reason) {
        var resource = resources.get(name);
        if (resource == null) {
            forget(name);
            hosting.voice().closed(name);
        } else {
            resource.post(new ResourceEvent.CloseOrdered(reason(reason)));
        }
    }

    private synchronized void forget(String name) {
        waiting.remove(name);
        ending.computeIfPresent(name, (_, _) -> Optional.empty());
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
            waiting.clear();
            unopened().forEach(one -> endLeftover(one, Optional.empty()));
            hosting.time().after(STOP_MILLIS, this::terminateAll);
            advanceStop(reason);
        }
        return stopped;
    }

    /// From now on the service has resources opened. What it does not want by the end of the limit belongs to
    /// nobody any more, or to another node; while no service is there, nobody can say so.
    private synchronized void awaitOpens() {
        long service = ++services;
        hosting.time().after(UNOPENED_MILLIS, () -> endUnopened(service));
    }

    private synchronized void endUnopened(long service) {
        if (stopping.isPresent() || service != services) {
            return;
        }
        for (var one : unopened()) {
            hosting.voice()
                    .log(
                            Level.WARNING,
                            one.resource(),
                            "left by the monitor before this one and not opened within %d s: it is ended."
                                    .formatted(UNOPENED_MILLIS / 1_000));
            endLeftover(one, Optional.of(Reason.SERVICE_LOST));
        }
    }

    private List<Records.Found> unopened() {
        try {
            return leftovers.claimUnopened(name -> resources.containsKey(name) || ending.containsKey(name));
        } catch (IOException e) {
            hosting.voice()
                    .log(Level.ERROR, "", "the adoption records cannot be read: %s. Check the disk.".formatted(e));
            return List.of();
        }
    }

    private void endLeftover(Records.Found one, Optional<Reason> close) {
        if (one.record().isEmpty()) {
            endByName(one.resource());
            return;
        }
        var resource = host(new ToMonitor.Open(one.record().get().spec()));
        close.ifPresent(reason -> resource.post(new ResourceEvent.CloseOrdered(reason)));
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
        } else if (wanted != null && wanted.isPresent()) {
            host(wanted.get());
        } else {
            leftovers.release(name);
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

    /// Tells the types that the monitor is about to end, once.
    private void farewell() {
        if (saidFarewell) {
            return;
        }
        saidFarewell = true;
        var told = types.all().stream().filter(HostedType::started).toList();
        var left = new AtomicInteger(told.size());
        if (told.isEmpty()) {
            stopped.countDown();
        }
        hosting.time().after(FAREWELL_MILLIS, stopped::countDown);
        for (var type : told) {
            Thread.ofVirtual().name(type.description().name() + " farewell").start(() -> {
                type.hearShutdown(hosting);
                if (left.decrementAndGet() == 0) {
                    stopped.countDown();
                }
            });
        }
    }

    /// Called after every step of every resource, so it takes the lock only when there is something to do.
    private void changed(HostedResource resource) {
        if (resource.isClosed() || stopping.isPresent()) {
            closedOrStopping(resource);
        }
    }

    private synchronized void closedOrStopping(HostedResource resource) {
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
            farewell();
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

    /// Lets other monitors host what this one had.
    @Override
    public void close() throws IOException {
        hosting.records().close();
    }
}
