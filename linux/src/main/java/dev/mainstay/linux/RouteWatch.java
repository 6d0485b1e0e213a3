package dev.mainstay.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Tells at once when an interface or an address of this node changes.
///
/// It hears the network namespace of the thread that made it.
///
/// **Threads:** one of its own, on which `told` runs; it must not block.
public final class RouteWatch implements AutoCloseable {
    private static final int LINKS = 1;
    private static final int IPV4_ADDRESSES = 0x10;
    private static final int IPV6_ADDRESSES = 0x100;
    private static final int READABLE = 1;
    /// Nothing has to be done without an event; a number so that no wait is for ever.
    private static final long LONGEST_WAIT_MILLIS = 3_600_000;

    private static final int MESSAGES_AT_ONCE = 256;

    /// What changed.
    ///
    /// @param links indexes of the interfaces that came, changed or went
    /// @param addresses the addresses that came, changed or went
    /// @param everything whether events were lost, so that anything may have changed
    public record Changes(Set<Integer> links, Set<InetAddress> addresses, boolean everything) {
        /// Copies the sets.
        public Changes {
            links = Set.copyOf(links);
            addresses = Set.copyOf(addresses);
        }
    }

    private final Descriptor socket;
    private final Consumer<Changes> told;
    private final KernelEvents events;

    /// Begins to hear.
    public RouteWatch(Consumer<Changes> told) throws IOException {
        this.told = told;
        this.socket = Descriptor.netlink(LINKS | IPV4_ADDRESSES | IPV6_ADDRESSES);
        this.events = new KernelEvents("route-watch", socket, READABLE, LONGEST_WAIT_MILLIS, this::read);
    }

    @Override
    public void close() {
        events.close();
    }

    private void read(boolean event) throws IOException {
        if (!event) {
            return;
        }
        var links = new HashSet<Integer>();
        var addresses = new HashSet<InetAddress>();
        var lost = false;
        for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
            try {
                var received = socket.receiveNow();
                if (received.isEmpty()) {
                    break;
                }
                for (var next = RouteMessage.next(received.get());
                        next.isPresent();
                        next = RouteMessage.next(received.get())) {
                    note(next.get(), links, addresses);
                }
            } catch (Descriptor.OverrunException overrun) {
                lost = true;
            }
        }
        if (lost || !links.isEmpty() || !addresses.isEmpty()) {
            told.accept(new Changes(links, addresses, lost));
        }
    }

    private static void note(RouteMessage message, Set<Integer> links, Set<InetAddress> addresses) {
        switch (message.type()) {
            case RouteMessage.NEW_LINK, RouteMessage.DELETE_LINK -> links.add(message.linkIndex());
            case RouteMessage.NEW_ADDRESS, RouteMessage.DELETE_ADDRESS ->
                message.address().ifPresent(changed -> addresses.add(changed.address()));
            default -> {
                // nothing else was asked for
            }
        }
    }
}
