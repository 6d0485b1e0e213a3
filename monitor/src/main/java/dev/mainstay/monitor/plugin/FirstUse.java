package dev.mainstay.monitor.plugin;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes the types of a plugin and asks each for its description: the first of its code that runs here.
final class FirstUse {
    /// How long a constructor and a description may take together, in milliseconds: both do nothing but make
    /// values, and a starved machine makes them slow.
    static final long LIMIT_MILLIS = 5_000;

    private FirstUse() {}

    record Described(ResourceType type, TypeDescription description) {}

    /// **Time:** at most `limitMillis`; what has not returned by then is interrupted and left behind.
    static List<Described> of(String plugin, ClassLoader loader, long limitMillis)
            throws RefusedException, InterruptedException {
        var made = new CompletableFuture<List<Described>>();
        var thread = Thread.ofPlatform().daemon().name("plugin " + plugin).unstarted(() -> make(loader, made));
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            var types = made.get(limitMillis, TimeUnit.MILLISECONDS);
            for (var type : types) {
                DescriptionCheck.check(type.description());
            }
            return types;
        } catch (TimeoutException e) {
            var where = thread.getStackTrace();
            thread.interrupt();
            throw new RefusedException(
                    "a constructor or describe() has not returned for %d ms%s: both must only make values. Work belongs in startup, open or later."
                            .formatted(limitMillis, where.length == 0 ? "" : "; it stands at " + where[0]));
        } catch (ExecutionException e) {
            throw new RefusedException("its types cannot be made: " + words(e.getCause() == null ? e : e.getCause()));
        }
    }

    private static void make(ClassLoader loader, CompletableFuture<List<Described>> made) {
        try {
            var types = new ArrayList<Described>();
            for (var type : ServiceLoader.load(ResourceType.class, loader)) {
                types.add(new Described(type, type.describe()));
            }
            made.complete(types);
        } catch (Throwable thrown) {
            // Whatever code from outside throws, only its plugin is refused.
            made.completeExceptionally(thrown);
        }
    }

    private static String words(Throwable thrown) {
        var cause = thrown.getCause();
        return cause == null ? thrown.toString() : thrown + ", caused by " + cause;
    }
}
