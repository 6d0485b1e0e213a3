package dev.mainstay.service.control;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.util.Arrays;

/// The bytes of a whole state: a version, then the state.
///
/// **Source:** ADR 0003.
final class Snapshot {
    /// The version written. Components added at the end need no new one.
    static final byte VERSION = 1;

    private Snapshot() {}

    static byte[] encode(ClusterState state) {
        var content = WireCodec.encode(ClusterState.class, state);
        var bytes = new byte[content.length + 1];
        bytes[0] = VERSION;
        System.arraycopy(content, 0, bytes, 1, content.length);
        return bytes;
    }

    static ClusterState decode(byte[] bytes) throws MalformedException {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new MalformedException("a snapshot of version %s cannot be read: version %d is known here. Install"
                            .formatted(bytes.length == 0 ? "none" : Byte.toString(bytes[0]), VERSION)
                    + " the version of Mainstay that wrote it, or a newer one.");
        }
        return WireCodec.decode(ClusterState.class, Arrays.copyOfRange(bytes, 1, bytes.length));
    }
}
