package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.fail;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Hears what a host says and lets a test wait for it.
final class HeardVoice implements Voice {
    /// Far longer than anything here takes on a busy machine.
    private static final long LIMIT_SECONDS = 5;

    private final List<HeldResource> reports = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<ToService> told = new ArrayList<>();
    /// Whether somebody listens to what is told.
    volatile boolean connected = true;
    /// Done by whoever says that a resource is closed, as soon as it is heard.
    volatile Runnable whenClosed = () -> {};

    @Override
    public synchronized void report(HeldResource held) {
        reports.add(held);
        notifyAll();
    }

    @Override
    public void closed(String resource) {
        synchronized (this) {
            lines.add("closed " + resource);
            notifyAll();
        }
        whenClosed.run();
    }

    @Override
    public synchronized void log(System.Logger.Level level, String resource, String text) {
        lines.add(level + " " + resource + " " + text);
        notifyAll();
    }

    @Override
    public synchronized boolean tell(ToService message) {
        if (connected) {
            told.add(message);
            notifyAll();
        }
        return connected;
    }

    @Override
    public void tellAll(Supplier<ToService.Inventory> whole) {
        var message = whole.get();
        synchronized (this) {
            told.add(message);
            notifyAll();
        }
    }

    /// Waits until a message is told.
    synchronized <M extends ToService> M told(Class<M> kind, Predicate<M> wanted) {
        waitFor(() -> toldOf(kind, wanted).isPresent(), "a " + kind.getSimpleName());
        return toldOf(kind, wanted).orElseThrow();
    }

    synchronized <M extends ToService> List<M> allTold(Class<M> kind) {
        return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private <M extends ToService> Optional<M> toldOf(Class<M> kind, Predicate<M> wanted) {
        return allTold(kind).stream().filter(wanted).reduce((_, later) -> later);
    }

    /// Waits until a resource is reported in a state.
    HeldResource heard(String resource, HeldState state) {
        return heard(held -> held.resource().equals(resource) && held.state() == state, resource + " " + state);
    }

    synchronized HeldResource heard(Predicate<HeldResource> wanted, String words) {
        waitFor(() -> reports.stream().anyMatch(wanted), words);
        return reports.stream().filter(wanted).reduce((_, later) -> later).orElseThrow();
    }

    /// Waits until a line with these words was said.
    synchronized String said(String words) {
        waitFor(() -> line(words).isPresent(), words);
        return line(words).orElseThrow();
    }

    synchronized Optional<String> line(String words) {
        return lines.stream().filter(line -> line.contains(words)).findFirst();
    }

    synchronized void forget() {
        reports.clear();
        told.clear();
        lines.clear();
    }

    synchronized List<HeldState> states(String resource) {
        return reports.stream()
                .filter(held -> held.resource().equals(resource))
                .map(HeldResource::state)
                .toList();
    }

    private void waitFor(java.util.function.BooleanSupplier there, String words) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!there.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                fail("nothing heard of '%s', but %s, %s and %s".formatted(words, reports, lines, told));
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
