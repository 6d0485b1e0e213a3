package dev.mainstay.types.address;

import dev.mainstay.linux.LinkAddress;
import dev.mainstay.linux.NeighbourSocket;
import dev.mainstay.linux.RouteSocket;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.Claim;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// One address that is a resource.
///
/// **Threads:** terminate may come during any other call but close; the address is added and removed under the
/// lock of this object, so that nothing is added behind a terminate.
final class AddressResource implements EntryPoints {
    private static final int QUESTIONS = 3;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final ResourceContext context;
    private final Wanted wanted;
    private final Claim claim;
    private final AddressWatch watch;
    private final FailureSignal signal;
    // guarded by this
    private Optional<Held> held = Optional.empty();
    private Optional<Announcement> announcement = Optional.empty();
    private long terminations;

    private AddressResource(ResourceContext context, Wanted wanted, AddressWatch watch) {
        this.context = context;
        this.wanted = wanted;
        this.claim = Claim.of(context);
        this.watch = watch;
        this.signal = context.signalInsteadOfLooksAlive();
    }

    /// Keeps the address an earlier monitor proves to be its own; takes away one it left behind.
    static AddressResource open(ResourceContext context, AddressWatch watch) throws ResourceFailure {
        var adopted = Claim.adopted(context).flatMap(Held::parse);
        try {
            var opened = new AddressResource(context, Wanted.of(context.resource(), context.properties()), watch);
            if (adopted.isPresent() && adopted.get().address().equals(opened.wanted.address())) {
                opened.adopt(adopted.get());
            } else {
                removeClaimed(context);
            }
            return opened;
        } catch (ResourceFailure unusable) {
            removeClaimed(context);
            throw unusable;
        }
    }

    @Override
    public Outcome online(Operation operation) {
        var before = terminations();
        return operation.pending(progress -> {
            try (var socket = new RouteSocket()) {
                var place = Place.find(wanted, socket.links(), socket.directRoutes());
                usable(place);
                if (there(socket, place)) {
                    progress.checkpoint("the address is on '%s' already"
                            .formatted(place.link().name()));
                } else {
                    add(socket, place, progress, before);
                }
                var mine = required();
                operation.adoptable(Claim.adoption(mine.text()));
                announce(place);
                watch.watch(context.resource(), mine, signal::raise);
            } catch (IOException e) {
                throw new ResourceFailure(asked() + e.getMessage() + ". Look at 'ip address' on this node", e);
            }
        });
    }

    @Override
    public Outcome offline(Operation operation) throws ResourceFailure {
        remove();
        return Outcome.DONE;
    }

    @Override
    public void terminate(Reason reason) {
        synchronized (this) {
            terminations++;
        }
        try {
            remove();
        } catch (ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public Health looksAlive() {
        return isAlive();
    }

    @Override
    public Health isAlive() {
        var mine = held();
        if (mine.isEmpty()) {
            return Health.dead("address %s is not there".formatted(wanted.text()));
        }
        try {
            return mine.get().trouble().map(Health::dead).orElse(Health.alive());
        } catch (IOException e) {
            return new Health.Undecided("the network's state cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.forget(context.resource());
        quiet();
    }

    private synchronized void adopt(Held found) {
        held = Optional.of(found);
        try {
            watch.watch(context.resource(), found, signal::raise);
            context.logger().log(Level.INFO, "adopted address {0}", found.text());
        } catch (IOException e) {
            context.logger().log(Level.WARNING, "changes of the network cannot be heard: {0}", e.getMessage());
        }
    }

    private void usable(Place place) throws ResourceFailure {
        var link = place.link();
        if (!link.up() || !link.carrier()) {
            throw new ResourceFailure(asked()
                    + "interface '%s' %s"
                            .formatted(
                                    link.name(),
                                    link.up()
                                            ? "has no carrier. Check its cable or switch"
                                            : "is down. Switch it on: ip link set %s up".formatted(link.name())));
        }
    }

    /// Whether this resource has put the address there before.
    private boolean there(RouteSocket socket, Place place) throws ResourceFailure, IOException {
        var found = socket.addresses().stream()
                .filter(one -> one.address().equals(wanted.address()))
                .filter(one -> !wanted.perLink() || one.link() == place.link().index())
                .findFirst();
        if (found.isEmpty()) {
            return false;
        }
        var mine = held();
        if (mine.isPresent() && mine.get().link() == found.get().link()) {
            return true;
        }
        throw new ResourceFailure(asked()
                + "it is on interface '%s' of this node already, and this resource did not put it there. Remove it from the network's configuration: ip address del %s/%d dev %s"
                        .formatted(
                                name(socket, found.get(), place),
                                wanted.text(),
                                found.get().prefixLength(),
                                name(socket, found.get(), place)));
    }

    private static String name(RouteSocket socket, LinkAddress found, Place place) throws IOException {
        return socket.links().stream()
                .filter(link -> link.index() == found.link())
                .findFirst()
                .orElse(place.link())
                .name();
    }

    private void add(RouteSocket socket, Place place, Progress progress, long terminationsBefore)
            throws ResourceFailure, IOException, InterruptedException {
        var check = context.properties().duration("duplicateCheck");
        var asks = place.link().hasNeighbours() && check.isPositive();
        if (!asks) {
            put(socket, place, false, terminationsBefore);
            return;
        }
        try (var neighbours = NeighbourSocket.open(place.link(), wanted.address())) {
            if (wanted.ipv4()) {
                progress.checkpoint("asking on '%s' whether another node has it"
                        .formatted(place.link().name()));
                askAround(neighbours, place, check);
                put(socket, place, false, terminationsBefore);
            } else {
                put(socket, place, true, terminationsBefore);
                progress.checkpoint("the kernel asks on '%s' whether another node has it"
                        .formatted(place.link().name()));
                awaitVerdict(socket, neighbours, place);
            }
        }
    }

    private void askAround(NeighbourSocket neighbours, Place place, Duration check)
            throws ResourceFailure, IOException, InterruptedException {
        var begin = System.nanoTime();
        int asked = 0;
        while (true) {
            var passed = System.nanoTime() - begin;
            if (passed >= check.toNanos()) {
                return;
            }
            if (passed >= check.toNanos() / QUESTIONS * asked) {
                neighbours.ask();
                asked++;
            }
            Thread.sleep(PAUSE);
            var other = neighbours.heard();
            if (other.isPresent()) {
                throw taken(place, other.get());
            }
        }
    }

    private void awaitVerdict(RouteSocket socket, NeighbourSocket neighbours, Place place)
            throws ResourceFailure, IOException, InterruptedException {
        while (true) {
            var now = required().on(socket.addresses());
            if (now.isEmpty() || now.get().duplicate()) {
                var other = neighbours.heard().orElse("unknown");
                remove();
                throw now.isEmpty()
                        ? new ResourceFailure(asked() + "it was removed while the kernel still asked whether another"
                                + " node has it. Look who changes the network's configuration")
                        : taken(place, other);
            }
            if (!now.get().tentative()) {
                return;
            }
            Thread.sleep(PAUSE);
        }
    }

    private ResourceFailure taken(Place place, String other) {
        return new ResourceFailure(asked()
                + "another node has it already; on '%s' hardware address %s answered. Find that node and take the address away from it, or choose another"
                        .formatted(place.link().name(), other));
    }

    private synchronized void put(RouteSocket socket, Place place, boolean checkDuplicate, long terminationsBefore)
            throws ResourceFailure, IOException {
        if (terminations != terminationsBefore) {
            throw new ResourceFailure(asked() + "it was terminated meanwhile. Bring it online again");
        }
        var mine = new Held(
                wanted.address(),
                place.prefixLength(),
                place.link().index(),
                place.link().name());
        claim.write(mine.text());
        held = Optional.of(mine);
        var label = context.properties().text("label");
        if (!socket.add(wanted.address(), place.prefixLength(), place.link(), label, checkDuplicate)) {
            // it came between the look and now, from somebody else: it is not this resource's
            held = Optional.empty();
            claim.clear();
            throw new ResourceFailure(asked()
                    + "somebody else put it on '%s' just now. Look who changes the network's configuration"
                            .formatted(place.link().name()));
        }
    }

    private synchronized void announce(Place place) throws IOException {
        if (held.isPresent() && place.link().hasNeighbours()) {
            announcement =
                    Optional.of(Announcement.begin(context, NeighbourSocket.open(place.link(), wanted.address())));
        }
    }

    private void remove() throws ResourceFailure {
        watch.forget(context.resource());
        quiet();
        removeClaimed(context);
        synchronized (this) {
            held = Optional.empty();
        }
    }

    private synchronized void quiet() {
        announcement.ifPresent(Announcement::end);
        announcement = Optional.empty();
    }

    /// Takes away what the claim names; nothing when there is no claim.
    private static void removeClaimed(ResourceContext context) throws ResourceFailure {
        var claim = Claim.of(context);
        var left = claim.read().flatMap(Held::parse);
        if (left.isEmpty()) {
            return;
        }
        try (var socket = new RouteSocket()) {
            var there = left.get().on(socket.addresses());
            if (there.isPresent()) {
                Promotion.allow(socket.addresses(), there.get(), left.get().linkName(), context.logger());
                socket.remove(there.get());
            }
        } catch (IOException e) {
            throw new ResourceFailure(
                    "taking '%s' offline: %s. Remove the address by hand: ip address del %s/%d dev %s"
                            .formatted(
                                    context.resource(),
                                    e.getMessage(),
                                    left.get().address().getHostAddress(),
                                    left.get().prefixLength(),
                                    left.get().linkName()),
                    e);
        }
        claim.clear();
    }

    private String asked() {
        return "bringing '%s' online with address %s: ".formatted(wanted.resource(), wanted.text());
    }

    private Held required() throws ResourceFailure {
        return held().orElseThrow(
                        () -> new ResourceFailure(asked() + "it was terminated meanwhile. Bring it online again"));
    }

    private synchronized Optional<Held> held() {
        return held;
    }

    private synchronized long terminations() {
        return terminations;
    }
}
