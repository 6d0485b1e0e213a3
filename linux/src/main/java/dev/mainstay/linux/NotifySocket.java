package dev.mainstay.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The datagram socket on which systemd hears how its service is.
///
/// **Threads:** any. **Source:** sd_notify(3), unix(7).
public final class NotifySocket {
    private static final int UNIX = 1;
    private static final int PATH_BYTES_MAX = 107;

    private NotifySocket() {}

    /// Sends one message and waits for nothing.
    ///
    /// @param address a path, or a name in the abstract name space behind an @
    public static void send(String address, String message) throws IOException {
        var path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > PATH_BYTES_MAX) {
            throw new IOException("the address of a socket has %d bytes, Linux permits 1 to %d"
                    .formatted(path.length, PATH_BYTES_MAX));
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        // the zero behind a path is not part of an abstract name
        var to = ByteBuffer.allocate(Short.BYTES + path.length + (path[0] == 0 ? 0 : 1))
                .order(ByteOrder.nativeOrder())
                .putShort((short) UNIX)
                .put(path)
                .rewind();
        try (var socket = Descriptor.socket(UNIX, Descriptor.DATAGRAM, 0)) {
            socket.sendNow(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), to);
        }
    }
}
