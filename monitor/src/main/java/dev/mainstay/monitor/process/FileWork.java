package dev.mainstay.monitor.process;

import dev.mainstay.linux.UserAccount;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Work on files that somebody else named, on a thread of its own: with the rights of the user it is done for, and
/// with an end. A file server that is silent keeps that one thread, and nobody waits longer than the limit.
final class FileWork {
    /// So many may hang at a time; more are refused, for each is a thread that the kernel keeps.
    private static final int HANGING_MAX = 256;

    /// What a disk answers within, even a busy one.
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Semaphore PLACES = new Semaphore(HANGING_MAX);

    private FileWork() {}

    /// Does the work and returns its result.
    ///
    /// @param what what is done, to begin a sentence with: `opening '/srv/web.log'`
    /// @param rights whose rights on files the work has; empty for our own
    /// **Time:** at most `limit`; an interrupt does not shorten it, so that no result is lost.
    static <T> T of(String what, Optional<UserAccount> rights, Duration limit, Callable<T> work) throws IOException {
        return of(what, rights, limit, work, () -> {});
    }

    /// Does the work and returns its result.
    ///
    /// @param late called when the limit has passed, before that is told
    static <T> T of(String what, Optional<UserAccount> rights, Duration limit, Callable<T> work, Runnable late)
            throws IOException {
        if (!PLACES.tryAcquire()) {
            throw new IOException("%s: %d other pieces of work on files hang already. Look at the node's file servers"
                    .formatted(what, HANGING_MAX));
        }
        var result = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().name("files").start(() -> {
            try {
                if (rights.isPresent()) {
                    rights.get().takeFileRights();
                }
                result.complete(work.call());
            } catch (Throwable trouble) {
                result.completeExceptionally(trouble);
            } finally {
                PLACES.release();
            }
        });
        return awaited(what, limit, result, late);
    }

    private static <T> T awaited(String what, Duration limit, CompletableFuture<T> result, Runnable late)
            throws IOException {
        var until = System.nanoTime() + limit.toNanos();
        var interrupted = false;
        try {
            while (true) {
                try {
                    return result.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException silent) {
            late.run();
            throw new IOException(
                    "%s: the disk or file server does not answer within %d s".formatted(what, limit.toSeconds()),
                    silent);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException trouble -> throw trouble;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(what, e.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
