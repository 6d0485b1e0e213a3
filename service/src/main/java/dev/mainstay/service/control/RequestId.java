package dev.mainstay.service.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The identity of a request that a person or a program sent, as a text that entries of the log carry.
///
/// It holds who sent it, so that nobody meets the answer of somebody else or of a node, and a digest of its
/// content, so that a key that is used for something else is noticed on every node, also after a restart.
public final class RequestId {
    /// Nodes number their own requests otherwise, so that nobody can take an id of theirs.
    private static final String PREFIX = "user:";

    private static final int DIGEST_BYTES = 8;

    private RequestId() {}

    /// The id of one step of a request.
    ///
    /// @param user who the kernel says it is
    /// @param key what the client calls it
    /// @param step 0 for the first command that it leads to
    public static String of(String user, String key, int step, String content) {
        return "%s%s/%s/%d#%s".formatted(PREFIX, user, key, step, digest(content));
    }

    /// What stays the same when a key is used again, whatever for.
    static String key(String id) {
        var end = id.lastIndexOf('#');
        return id.startsWith(PREFIX) && end > 0 ? id.substring(0, end) : id;
    }

    /// Whether a person or a program sent it, not a node.
    static boolean ofClient(String id) {
        return id.startsWith(PREFIX);
    }

    /// A digest of the content of a request.
    public static String digest(String content) {
        try {
            var all = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
