package dev.mainstay.service.control;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.util.Arrays;
import java.util.List;

/// A whole state with the latest answers; its bytes are a version, then its content.
///
/// @param answers see [RecentAnswers]
///
/// **Source:** ADR 0003.
record Snapshot(ClusterState state, List<RecentAnswers.Kept> answers) {
    /// The version written. Components added at the end need no new one.
    static final byte VERSION = 2;

    /// The version that held a state alone; still read.
    static final byte STATE_ALONE = 1;

    /// Copies the list.
    Snapshot {
        answers = List.copyOf(answers);
    }

    byte[] encode() {
        var content = WireCodec.encode(Snapshot.class, this);
        var bytes = new byte[content.length + 1];
        bytes[0] = VERSION;
        System.arraycopy(content, 0, bytes, 1, content.length);
        return bytes;
    }

    static Snapshot decode(byte[] bytes) throws MalformedException {
        byte version = bytes.length == 0 ? 0 : bytes[0];
        return switch (version) {
            case STATE_ALONE -> new Snapshot(WireCodec.decode(ClusterState.class, content(bytes)), List.of());
            case VERSION -> WireCodec.decode(Snapshot.class, content(bytes));
            default ->
                throw new MalformedException(
                        "a snapshot of version %s cannot be read: versions %d to %d are known here. Install"
                                        .formatted(
                                                bytes.length == 0 ? "none" : Byte.toString(version),
                                                STATE_ALONE,
                                                VERSION)
                                + " the version of Mainstay that wrote it, or a newer one.");
        };
    }

    private static byte[] content(byte[] bytes) {
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }
}
