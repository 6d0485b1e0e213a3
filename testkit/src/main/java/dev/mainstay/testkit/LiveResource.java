package dev.mainstay.testkit;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// One resource in a [LiveMonitor], ordered about as a cluster service would.
///
/// **Threads:** one. **Time:** each method waits for the outcome, unless its name begins with `order`.
public final class LiveResource {
    private static final long EPOCH = 1;

    private final LiveMonitor monitor;
    private final String name;
    private final String type;
    private final Map<String, List<String>> properties;
    private Limits limits = new Limits(0, 0, 0, 0);
    private long attempt;
    private long revision = 1;

    /// Times of a resource in milliseconds, 0 for the type's own.
    public record Limits(long looksAliveMillis, long isAliveMillis, long pendingMillis, long deadlockMillis) {}

    LiveResource(LiveMonitor monitor, String name, String type, Map<String, List<String>> properties) {
        this.monitor = monitor;
        this.name = name;
        this.type = type;
        this.properties = Map.copyOf(properties);
    }

    /// Its name.
    public String name() {
        return name;
    }

    Map<String, List<String>> properties() {
        return properties;
    }

    /// Sets times for the next open.
    public LiveResource with(Limits times) {
        limits = times;
        return this;
    }

    private ResourceSpec spec() {
        return new ResourceSpec(
                name,
                "testkit",
                type,
                properties,
                List.of(),
                limits.looksAliveMillis(),
                limits.isAliveMillis(),
                limits.pendingMillis(),
                limits.deadlockMillis(),
                revision);
    }

    /// Opens it, adopting what an earlier monitor left; answers its state once that is known: offline, online
    /// or failed.
    public HeldResource open() throws IOException, InterruptedException {
        int mark = monitor.count();
        orderOpen();
        return settled(mark, state -> state != HeldState.INITIALIZING);
    }

    /// Orders the open.
    public void orderOpen() throws IOException {
        monitor.send(new ToMonitor.Open(spec()));
    }

    /// Brings it online; answers online or failed.
    public HeldResource online() throws IOException, InterruptedException {
        int mark = monitor.count();
        orderOnline();
        return settledInAttempt(mark, state -> state == HeldState.ONLINE || state == HeldState.FAILED);
    }

    /// Orders it online with a new attempt.
    public void orderOnline() throws IOException {
        monitor.send(new ToMonitor.Online(name, EPOCH, ++attempt, "REQUESTED"));
    }

    /// Takes it offline; answers offline or failed.
    public HeldResource offline() throws IOException, InterruptedException {
        int mark = monitor.count();
        orderOffline();
        return settled(mark, state -> state == HeldState.OFFLINE || state == HeldState.FAILED);
    }

    /// Orders it offline.
    public void orderOffline() throws IOException {
        monitor.send(new ToMonitor.Offline(name, EPOCH, "REQUESTED"));
    }

    /// Terminates it as if a check had found it dead; answers failed.
    public HeldResource fail() throws IOException, InterruptedException {
        int mark = monitor.count();
        orderFail();
        return settled(mark, state -> state == HeldState.FAILED);
    }

    /// Orders it to be terminated.
    public void orderFail() throws IOException {
        monitor.send(new ToMonitor.Fail(name, "a test ends it"));
    }

    /// Closes it, terminating it first if it is not at rest.
    public void close() throws IOException, InterruptedException {
        int mark = monitor.count();
        orderClose();
        var _ = monitor.await(
                "the end of '%s'".formatted(name),
                mark,
                message -> LiveMonitor.as(ToService.Closed.class, message)
                        .filter(closed -> closed.resource().equals(name)));
    }

    /// Orders it to be closed.
    public void orderClose() throws IOException {
        monitor.send(new ToMonitor.Close(name, "DELETED"));
    }

    /// Asks a control of it.
    public ToService.ControlDone control(String code, Map<String, List<String>> input)
            throws IOException, InterruptedException {
        return monitor.control(name, "", code, input);
    }

    /// The first report after a mark with a state that is wanted.
    public HeldResource settled(int mark, Predicate<HeldState> wanted) throws InterruptedException {
        return monitor.await(
                "a settled state of '%s'".formatted(name),
                mark,
                message -> reported(message).filter(held -> wanted.test(held.state())));
    }

    /// The same of the attempt that was ordered last: what was reported of an earlier one may be told again,
    /// late.
    public HeldResource settledInAttempt(int mark, Predicate<HeldState> wanted) throws InterruptedException {
        return monitor.await(
                "a settled state of '%s' in attempt %d".formatted(name, attempt),
                mark,
                message -> reported(message).filter(held -> held.attempt() == attempt && wanted.test(held.state())));
    }

    /// A report after a mark with a state that is wanted, if one comes within a limit.
    public Optional<HeldResource> reported(Duration limit, int mark, Predicate<HeldResource> wanted)
            throws InterruptedException {
        return monitor.poll(limit, mark, message -> reported(message).filter(wanted));
    }

    private Optional<HeldResource> reported(ToService message) {
        return LiveMonitor.as(ToService.Report.class, message)
                .map(ToService.Report::held)
                .filter(held -> held.resource().equals(name));
    }

    /// What the monitor holds of it now; empty when it is not open.
    public Optional<HeldResource> held() throws IOException, InterruptedException {
        return monitor.inventory().held().stream()
                .filter(held -> held.resource().equals(name))
                .findFirst();
    }

    /// Its processes that live, each with its start time, so that one cannot be taken for another.
    public List<ProcessTable.Entry> processes() {
        return monitor.processes(name);
    }

    /// Its processes by pid and start time.
    public List<String> identities() {
        return processes().stream()
                .map(entry -> entry.pid() + "@" + entry.startTicks())
                .sorted()
                .toList();
    }

    /// Its folder.
    public Path folder() {
        return monitor.folder(name);
    }
}
