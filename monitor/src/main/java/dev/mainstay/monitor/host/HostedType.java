package dev.mainstay.monitor.host;

import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A resource type with the locks that keep its entry points from overlapping.
final class HostedType {
    private final ResourceType type;
    private final TypeDescription description;
    private final ReentrantLock oneCall = new ReentrantLock(true);
    private final ReentrantLock oneOpen = new ReentrantLock(true);
    private final ReentrantReadWriteLock noTerminate = new ReentrantReadWriteLock(true);
    private final Map<String, LongAdder> slowCalls = new ConcurrentHashMap<>();

    HostedType(ResourceType type) {
        this.type = type;
        this.description = type.describe();
    }

    ResourceType type() {
        return type;
    }

    TypeDescription description() {
        return description;
    }

    /// Counts a slow call; answers whether it is the first one of that entry point.
    boolean countSlow(String call) {
        var count = slowCalls.computeIfAbsent(call, _ -> new LongAdder());
        count.increment();
        return count.sum() == 1;
    }

    /// Takes what `call` needs before it may run; the answer gives it back.
    Turn take(String call) {
        return switch (call) {
            case "open" -> description.independent() ? held(oneOpen) : held(oneCall, noTerminate.writeLock());
            case "close" -> description.independent() ? held() : held(oneCall, noTerminate.writeLock());
            case "terminate" -> description.independent() ? held() : held(noTerminate.readLock());
            default -> description.independent() ? held() : held(oneCall);
        };
    }

    @SuppressWarnings("LockNotBeforeTry") // released by closing the turn
    private static Turn held(Lock... locks) {
        for (var lock : locks) {
            lock.lock();
        }
        return () -> {
            for (int i = locks.length - 1; i >= 0; i--) {
                locks[i].unlock();
            }
        };
    }

    TypeSpec spec() {
        return new TypeSpec(
                description.name(),
                description.version(),
                description.help(),
                description.properties().stream()
                        .map(it -> new PropertySpec(
                                it.name(),
                                it.kind().name(),
                                it.required(),
                                it.defaultValue(),
                                it.choices(),
                                it.minimum(),
                                it.maximum(),
                                it.help(),
                                it.applies().name()))
                        .toList(),
                description.looksAliveInterval().toMillis(),
                description.isAliveInterval().toMillis(),
                description.pendingTimeout().toMillis(),
                description.deadlockTimeout().toMillis(),
                description.independent());
    }

    /// The right to run a call.
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }
}
