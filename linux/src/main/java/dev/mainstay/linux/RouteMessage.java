package dev.mainstay.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// One message of the kernel's routing socket: how it is read and written.
///
/// @param body what follows the header: a fixed part, then attributes by number
record RouteMessage(int type, int flags, int sequence, ByteBuffer body) {
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int ASK_LINKS = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int ASK_ADDRESSES = 22;
    static final int NEW_ROUTE = 24;
    static final int ASK_ROUTES = 26;

    static final int HEADER_BYTES = 16;
    static final int LINK_BYTES = 16;
    static final int ADDRESS_BYTES = 8;
    static final int ROUTE_BYTES = 12;
    static final int IPV4 = 2;
    static final int IPV6 = 10;

    private static final int ALIGNMENT = 4;
    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int LINK_ADDRESS = 1;
    private static final int LINK_NAME = 3;
    private static final int ADDRESS_ADDRESS = 1;
    private static final int ADDRESS_LOCAL = 2;
    private static final int ADDRESS_FLAGS = 8;
    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_OUTPUT = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_TABLE = 15;
    private static final int MAIN_TABLE = 254;
    private static final int UNICAST = 1;

    /// Takes the next message out of `received`; empty at its end.
    static Optional<RouteMessage> next(ByteBuffer received) {
        if (received.remaining() < HEADER_BYTES) {
            return Optional.empty();
        }
        var begin = received.position();
        var length = received.getInt(begin);
        if (length < HEADER_BYTES || length > received.remaining()) {
            return Optional.empty();
        }
        var body = received.slice(begin + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder());
        var message = new RouteMessage(
                Short.toUnsignedInt(received.getShort(begin + 4)),
                Short.toUnsignedInt(received.getShort(begin + 6)),
                received.getInt(begin + 8),
                body);
        received.position(Math.min(received.limit(), begin + aligned(length)));
        return Optional.of(message);
    }

    static int aligned(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static void putAttribute(ByteBuffer message, int type, byte[] value) {
        message.putShort((short) (ATTRIBUTE_HEADER_BYTES + value.length)).putShort((short) type);
        message.put(value).put(new byte[aligned(value.length) - value.length]);
    }

    Link link() {
        var attributes = attributes(LINK_BYTES);
        return new Link(
                linkIndex(),
                Optional.ofNullable(attributes.get(LINK_NAME))
                        .map(RouteMessage::text)
                        .orElse("?"),
                Optional.ofNullable(attributes.get(LINK_ADDRESS))
                        .map(HexFormat.ofDelimiter(":")::formatHex)
                        .orElse(""),
                Short.toUnsignedInt(body.getShort(2)),
                body.getInt(8));
    }

    int linkIndex() {
        return body.getInt(4);
    }

    /// Empty for what is neither IPv4 nor IPv6.
    Optional<LinkAddress> address() {
        var attributes = attributes(ADDRESS_BYTES);
        // the address at this end; the other attribute names the far end where there are two
        var bytes = Optional.ofNullable(attributes.get(ADDRESS_LOCAL))
                .or(() -> Optional.ofNullable(attributes.get(ADDRESS_ADDRESS)));
        var flags = Optional.ofNullable(attributes.get(ADDRESS_FLAGS))
                .map(RouteMessage::number)
                .orElse(Byte.toUnsignedInt(body.get(2)));
        return bytes.flatMap(RouteMessage::internet)
                .map(address -> new LinkAddress(address, Byte.toUnsignedInt(body.get(1)), body.getInt(4), flags));
    }

    /// Empty for what leads through a gateway, everywhere, or nowhere, and for tables other than the main one.
    Optional<Route> directRoute() {
        var attributes = attributes(ROUTE_BYTES);
        var table = Optional.ofNullable(attributes.get(ROUTE_TABLE))
                .map(RouteMessage::number)
                .orElse(Byte.toUnsignedInt(body.get(4)));
        var output = Optional.ofNullable(attributes.get(ROUTE_OUTPUT)).map(RouteMessage::number);
        if (table != MAIN_TABLE
                || body.get(7) != UNICAST
                || attributes.containsKey(ROUTE_GATEWAY)
                || output.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(attributes.get(ROUTE_DESTINATION))
                .flatMap(RouteMessage::internet)
                .map(subnet -> new Route(subnet, Byte.toUnsignedInt(body.get(1)), output.get()));
    }

    private Map<Integer, byte[]> attributes(int fixedBytes) {
        var attributes = new HashMap<Integer, byte[]>();
        var at = fixedBytes;
        while (at + ATTRIBUTE_HEADER_BYTES <= body.limit()) {
            var length = Short.toUnsignedInt(body.getShort(at));
            if (length < ATTRIBUTE_HEADER_BYTES || at + length > body.limit()) {
                break;
            }
            var value = new byte[length - ATTRIBUTE_HEADER_BYTES];
            body.get(at + ATTRIBUTE_HEADER_BYTES, value);
            attributes.put(Short.toUnsignedInt(body.getShort(at + 2)) & ATTRIBUTE_TYPE_MASK, value);
            at += aligned(length);
        }
        return attributes;
    }

    private static Optional<InetAddress> internet(byte[] bytes) {
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException neither) {
            return Optional.empty();
        }
    }

    private static int number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    private static String text(byte[] value) {
        return new String(value, 0, value.length - 1, StandardCharsets.UTF_8);
    }
}
