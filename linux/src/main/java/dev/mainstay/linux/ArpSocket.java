package dev.mainstay.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The neighbours of an IPv4 address, by the address resolution protocol.
final class ArpSocket implements NeighbourSocket {
    private static final int PACKET = 17;
    private static final int ARP = 0x0806;
    private static final int MESSAGE_BYTES = 28;
    private static final int SOCKET_ADDRESS_BYTES = 20;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final byte[] NOBODY = new byte[4];
    private static final byte[] NO_HARDWARE = new byte[6];
    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};

    private final Descriptor socket;
    private final int link;
    private final byte[] hardware;
    private final byte[] address;

    ArpSocket(Link link, InetAddress address) throws IOException {
        this.link = link.index();
        this.hardware = HexFormat.ofDelimiter(":").parseHex(link.hardwareAddress());
        this.address = address.getAddress();
        this.socket = Descriptor.socket(PACKET, Descriptor.DATAGRAM, Short.reverseBytes((short) ARP) & 0xffff);
        socket.bind(socketAddress());
    }

    @Override
    public void ask() throws IOException {
        send(REQUEST, NOBODY, NO_HARDWARE);
    }

    /// As a request and as a reply: some neighbours believe just one of them.
    @Override
    public void announce() throws IOException {
        send(REQUEST, address, NO_HARDWARE);
        send(REPLY, address, EVERYBODY);
    }

    @Override
    public Optional<String> heard() throws IOException {
        for (var message = socket.receiveNow(); message.isPresent(); message = socket.receiveNow()) {
            var from = message.get();
            if (from.remaining() < MESSAGE_BYTES) {
                continue;
            }
            var sender = part(from, 8, 6);
            var claims = Arrays.equals(part(from, 14, 4), address);
            var alsoAsks = Arrays.equals(part(from, 14, 4), NOBODY) && Arrays.equals(part(from, 24, 4), address);
            if ((claims || alsoAsks) && !Arrays.equals(sender, hardware)) {
                return Optional.of(HexFormat.ofDelimiter(":").formatHex(sender));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void send(int operation, byte[] sender, byte[] target) throws IOException {
        var message = ByteBuffer.allocate(MESSAGE_BYTES);
        message.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
        message.putShort((short) operation)
                .put(hardware)
                .put(sender)
                .put(target)
                .put(address);
        socket.send(message.flip(), socketAddress());
    }

    private ByteBuffer socketAddress() {
        var to = ByteBuffer.allocate(SOCKET_ADDRESS_BYTES).order(ByteOrder.nativeOrder());
        to.putShort((short) PACKET).putShort(Short.reverseBytes((short) ARP)).putInt(link);
        to.putShort((short) 0).put((byte) 0).put((byte) EVERYBODY.length).put(EVERYBODY);
        return to.position(0).limit(SOCKET_ADDRESS_BYTES);
    }

    private static byte[] part(ByteBuffer message, int at, int length) {
        var bytes = new byte[length];
        message.get(at, bytes);
        return bytes;
    }
}
