package dev.mainstay.monitor.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/// Which resources this monitor hosts, so that no other monitor of the node touches them or their records.
///
/// A claim is a lock of the kernel on one byte of a shared file, whose place follows from the resource's name: the
/// kernel gives it back when the process is dead, not earlier and not later.
///
/// **Threads:** any.
final class Claims implements AutoCloseable {
    private final FileChannel file;
    private final Map<String, FileLock> held = new HashMap<>();

    // The file must be opened once only: closing any of its descriptors gives all locks of the process back.
    Claims(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /// Claims a resource; false when another monitor has it.
    synchronized boolean take(String resource) throws IOException {
        if (held.containsKey(resource)) {
            return true;
        }
        try {
            var lock = file.tryLock(place(resource), 1, false);
            if (lock == null) {
                return false;
            }
            held.put(resource, lock);
            return true;
        } catch (OverlappingFileLockException anotherHostOfThisProcess) {
            return false;
        }
    }

    /// Whether this or another monitor has claimed a resource.
    synchronized boolean isTaken(String resource) throws IOException {
        boolean before = held.containsKey(resource);
        if (before || !take(resource)) {
            return true;
        }
        release(resource);
        return false;
    }

    synchronized void release(String resource) throws IOException {
        var lock = held.remove(resource);
        if (lock != null) {
            lock.release();
        }
    }

    private static long place(String resource) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(resource.getBytes(StandardCharsets.UTF_8));
            // 62 bits: two names of one node never meet, and the end of the range does not overflow
            return ByteBuffer.wrap(digest).getLong() >>> 2;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        held.clear();
        file.close();
    }
}
