package dev.mainstay.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The neighbours of an IPv6 address, by neighbour discovery.
final class NeighbourDiscoverySocket implements NeighbourSocket {
    private static final int INTERNET_6 = 10;
    private static final int ICMP_6 = 58;
    private static final int LEVEL_SOCKET = 1;
    private static final int BIND_TO_DEVICE = 25;
    private static final int LEVEL_INTERNET_6 = 41;
    private static final int MULTICAST_INTERFACE = 17;
    private static final int MULTICAST_HOPS = 18;
    private static final int FILTER = 1;
    private static final int FILTER_BYTES = 32;
    private static final int ADVERTISEMENT = 136;
    private static final int OVERRIDE = 0x2000_0000;
    private static final int TARGET_OPTION = 2;
    private static final int MESSAGE_BYTES = 32;
    private static final int WITHOUT_OPTION_BYTES = 24;
    /// A neighbour drops what may have passed a router.
    private static final int HOPS = 255;

    private static final byte[] ALL_NODES = HexFormat.of().parseHex("ff020000000000000000000000000001");

    private final Descriptor socket;
    private final int link;
    private final byte[] hardware;
    private final byte[] address;
    private boolean bound;

    NeighbourDiscoverySocket(Link link, InetAddress address) throws IOException {
        this.link = link.index();
        this.hardware = HexFormat.ofDelimiter(":").parseHex(link.hardwareAddress());
        this.address = address.getAddress();
        this.socket = Descriptor.socket(INTERNET_6, Descriptor.RAW, ICMP_6);
        try {
            socket.option(
                    LEVEL_SOCKET,
                    BIND_TO_DEVICE,
                    ByteBuffer.wrap((link.name() + "\0").getBytes(StandardCharsets.UTF_8)));
            socket.option(LEVEL_INTERNET_6, MULTICAST_INTERFACE, number(link.index()));
            socket.option(LEVEL_INTERNET_6, MULTICAST_HOPS, number(HOPS));
            socket.option(ICMP_6, FILTER, advertisementsOnly());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void ask() {
        // the kernel asks when the address is added
    }

    @Override
    public Optional<String> heard() throws IOException {
        for (var next = socket.receiveNow(); next.isPresent(); next = socket.receiveNow()) {
            var message = next.get();
            if (message.remaining() < WITHOUT_OPTION_BYTES || Byte.toUnsignedInt(message.get(0)) != ADVERTISEMENT) {
                continue;
            }
            var target = new byte[address.length];
            message.get(8, target);
            if (!Arrays.equals(target, address)) {
                continue;
            }
            if (message.remaining() < MESSAGE_BYTES || message.get(WITHOUT_OPTION_BYTES) != TARGET_OPTION) {
                return Optional.of("?");
            }
            var sender = new byte[hardware.length];
            message.get(WITHOUT_OPTION_BYTES + 2, sender);
            if (!Arrays.equals(sender, hardware)) {
                return Optional.of(HexFormat.ofDelimiter(":").formatHex(sender));
            }
        }
        return Optional.empty();
    }

    @Override
    public void announce() throws IOException {
        if (!bound) {
            // neighbours shall see it come from the address itself, which is usable only by now
            socket.bind(socketAddress(address));
            bound = true;
        }
        var message = ByteBuffer.allocate(MESSAGE_BYTES);
        message.put((byte) ADVERTISEMENT).put((byte) 0).putShort((short) 0).putInt(OVERRIDE);
        message.put(address).put((byte) TARGET_OPTION).put((byte) 1).put(hardware);
        socket.send(message.flip(), socketAddress(ALL_NODES));
    }

    @Override
    public void close() {
        socket.close();
    }

    private ByteBuffer socketAddress(byte[] internet) {
        var to = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
        to.putShort((short) INTERNET_6)
                .putShort((short) 0)
                .putInt(0)
                .put(internet)
                .putInt(link);
        return to.flip();
    }

    private static ByteBuffer number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .flip();
    }

    /// A bit that is set keeps messages of that type away.
    private static ByteBuffer advertisementsOnly() {
        var filter = ByteBuffer.allocate(FILTER_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < FILTER_BYTES / Integer.BYTES; i++) {
            filter.putInt(i == ADVERTISEMENT >> 5 ? ~(1 << (ADVERTISEMENT & 31)) : -1);
        }
        return filter.flip();
    }
}
