package dev.mainstay.monitor.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// Which resources this monitor hosts, so that no other monitor of the node touches them or their records.
///
/// A claim is a lock of the kernel on one byte of a shared file, whose place follows from the resource's name: the
/// kernel gives it back when the process is dead, not earlier and not later.
///
/// **Threads:** any.
final class Claims implements AutoCloseable {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

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

    /// The hash FNV-1a of the name, 62 bits of it: two names of one node never meet, and the end of the range does
    /// not overflow.
    private static long place(String resource) {
        long hash = FNV_BASIS;
        for (byte part : resource.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (part & 0xff)) * FNV_PRIME;
        }
        return hash >>> 2;
    }

    @Override
    public synchronized void close() throws IOException {
        held.clear();
        file.close();
    }
}
