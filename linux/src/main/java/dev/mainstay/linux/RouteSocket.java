package dev.mainstay.linux;

import static dev.mainstay.linux.RouteMessage.ADDRESS_BYTES;
import static dev.mainstay.linux.RouteMessage.HEADER_BYTES;
import static dev.mainstay.linux.RouteMessage.IPV4;
import static dev.mainstay.linux.RouteMessage.IPV6;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks the kernel for interfaces, addresses and routes, and adds and removes addresses.
///
/// It speaks of the network namespace of the thread that opened it.
///
/// **Threads:** one at a time.
/// **Time:** the kernel answers at once; nothing waits for the network.
/// **Errors:** `IOException` says in words what the kernel answered.
/// **Source:** rtnetlink(7).
public final class RouteSocket implements AutoCloseable {
    private static final int REQUEST = 1;
    private static final int ACKNOWLEDGE = 4;
    private static final int DUMP = 0x300;
    private static final int DUMP_INTERRUPTED = 0x10;
    private static final int CREATE_EXCLUSIVELY = 0x600;
    private static final int DUMPS_MAX = 10;
    private static final int REQUEST_BYTES_MAX = 256;
    private static final int EXISTS = 17;
    private static final int NO_DEVICE = 19;
    private static final int NO_ADDRESS = 99;
    private static final int LOCAL = 2;
    private static final int ADDRESS = 1;
    private static final int LABEL = 3;
    private static final int BROADCAST = 4;
    private static final int HOST_SCOPE = 254;
    private static final int NO_DUPLICATE_CHECK = 0x02;
    private static final int BROADCAST_PREFIX_MAX = 30;

    private final Descriptor socket;
    private int sequence;

    /// Opens one in the network namespace of this thread.
    public RouteSocket() throws IOException {
        socket = Descriptor.netlink(0);
    }

    /// Every interface.
    public List<Link> links() throws IOException {
        return dump(RouteMessage.ASK_LINKS, RouteMessage.LINK_BYTES).stream()
                .filter(message -> message.type() == RouteMessage.NEW_LINK)
                .map(RouteMessage::link)
                .toList();
    }

    /// Every address of IPv4 and IPv6.
    public List<LinkAddress> addresses() throws IOException {
        return dump(RouteMessage.ASK_ADDRESSES, ADDRESS_BYTES).stream()
                .filter(message -> message.type() == RouteMessage.NEW_ADDRESS)
                .flatMap(message -> message.address().stream())
                .toList();
    }

    /// The subnets that are reached directly, from the main table.
    public List<Route> directRoutes() throws IOException {
        return dump(RouteMessage.ASK_ROUTES, RouteMessage.ROUTE_BYTES).stream()
                .filter(message -> message.type() == RouteMessage.NEW_ROUTE)
                .flatMap(message -> message.directRoute().stream())
                .toList();
    }

    /// Adds an address as `ip addr add ADDRESS/PREFIX broadcast + dev LINK` does; false when it is there already.
    ///
    /// @param label the name shown with an IPv4 address; empty for that of the interface
    /// @param checkDuplicate whether the kernel first asks the neighbours (IPv6)
    public boolean add(InetAddress address, int prefixLength, Link link, String label, boolean checkDuplicate)
            throws IOException {
        var bytes = address.getAddress();
        var ipv4 = bytes.length == 4;
        var request = request();
        var flags = ipv4 || checkDuplicate ? 0 : NO_DUPLICATE_CHECK;
        var scope = address.isLoopbackAddress() ? HOST_SCOPE : 0;
        putAddress(request, address, prefixLength, link.index(), flags, scope);
        if (ipv4 && prefixLength <= BROADCAST_PREFIX_MAX && !address.isLoopbackAddress()) {
            RouteMessage.putAttribute(request, BROADCAST, broadcast(bytes, prefixLength));
        }
        if (ipv4 && !label.isEmpty()) {
            RouteMessage.putAttribute(request, LABEL, (label + "\0").getBytes(StandardCharsets.UTF_8));
        }
        var error = acknowledged(request, RouteMessage.NEW_ADDRESS, CREATE_EXCLUSIVELY);
        if (error == EXISTS) {
            return false;
        }
        check("adding %s/%d to '%s'".formatted(address.getHostAddress(), prefixLength, link.name()), error);
        return true;
    }

    /// Removes an address; false when it is not there.
    public boolean remove(LinkAddress there) throws IOException {
        var request = request();
        putAddress(request, there.address(), there.prefixLength(), there.link(), 0, 0);
        var error = acknowledged(request, RouteMessage.DELETE_ADDRESS, 0);
        if (error == NO_ADDRESS || error == NO_DEVICE) {
            return false;
        }
        check("removing %s/%d".formatted(there.address().getHostAddress(), there.prefixLength()), error);
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }

    private static void check(String what, int error) throws IOException {
        if (error != 0) {
            throw new IOException("%s: the kernel answers error %d%s".formatted(what, error, SystemCall.words(error)));
        }
    }

    private static void putAddress(
            ByteBuffer request, InetAddress address, int prefixLength, int link, int flags, int scope) {
        var bytes = address.getAddress();
        request.put((byte) (bytes.length == 4 ? IPV4 : IPV6));
        request.put((byte) prefixLength).put((byte) flags).put((byte) scope).putInt(link);
        RouteMessage.putAttribute(request, LOCAL, bytes);
        RouteMessage.putAttribute(request, ADDRESS, bytes);
    }

    private static byte[] broadcast(byte[] address, int prefixLength) {
        var broadcast = address.clone();
        for (int bit = prefixLength; bit < broadcast.length * 8; bit++) {
            broadcast[bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        return broadcast;
    }

    private static ByteBuffer request() {
        return ByteBuffer.allocate(REQUEST_BYTES_MAX)
                .order(ByteOrder.nativeOrder())
                .position(HEADER_BYTES);
    }

    private void send(ByteBuffer request, int type, int flags) throws IOException {
        var length = request.position();
        request.putInt(0, length).putShort(4, (short) type).putShort(6, (short) flags);
        request.putInt(8, ++sequence).putInt(12, 0);
        socket.send(request.flip());
    }

    /// The error number the kernel acknowledges with; zero for success.
    private int acknowledged(ByteBuffer request, int type, int flags) throws IOException {
        send(request, type, REQUEST | ACKNOWLEDGE | flags);
        while (true) {
            var received = socket.receive();
            for (var message = next(received); message.isPresent(); message = next(received)) {
                if (message.get().type() == RouteMessage.ERROR) {
                    return -message.get().body().getInt(0);
                }
            }
        }
    }

    private List<RouteMessage> dump(int type, int fixedBytes) throws IOException {
        for (int i = 0; i < DUMPS_MAX; i++) {
            var request = request();
            request.put(new byte[fixedBytes]);
            send(request, type, REQUEST | DUMP);
            var answer = dumped();
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new IOException("reading the network's state: it changed %d times meanwhile".formatted(DUMPS_MAX));
    }

    /// Empty when something changed meanwhile, so that the answer may have gaps.
    private Optional<List<RouteMessage>> dumped() throws IOException {
        var messages = new ArrayList<RouteMessage>();
        var interrupted = false;
        while (true) {
            var received = socket.receive();
            for (var next = next(received); next.isPresent(); next = next(received)) {
                var message = next.get();
                interrupted |= (message.flags() & DUMP_INTERRUPTED) != 0;
                if (message.type() == RouteMessage.DONE) {
                    return interrupted ? Optional.empty() : Optional.of(messages);
                }
                if (message.type() == RouteMessage.ERROR) {
                    check("reading the network's state", -message.body().getInt(0));
                }
                messages.add(message);
            }
        }
    }

    /// The next answer to the last request; others are of a request that was given up.
    private Optional<RouteMessage> next(ByteBuffer received) {
        var message = RouteMessage.next(received);
        while (message.isPresent() && message.get().sequence() != sequence) {
            message = RouteMessage.next(received);
        }
        return message;
    }
}
