package dev.mainstay.cli.run;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The cluster services of a run.
final class Nodes {
    /// One node needs about 1 s, three on two cores 4 s; a machine eight times slower still gets there.
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    /// What is offline already needs no longer to end: closing the log and one snapshot.
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);

    /// A service that lived shorter than this when it ended is not started again at once.
    private static final Duration SHORT_LIFE = Duration.ofSeconds(5);

    /// So many short lives in a row end the run: what makes it end will not go away.
    private static final int SHORT_LIVES_MAX = 5;

    private static final int SHOWN_LINES = 12;

    private final String launcher;
    private final Place place;
    private final Consumer<NodeProcess> ended;
    // Concurrent: the front's thread writes, the thread that stops the cluster asks which nodes live.
    private final Map<String, NodeProcess> processes = new ConcurrentSkipListMap<>();
    // volatile: read when a process ends, on a thread of the JDK
    private volatile boolean ending;
    private int shortLives;

    Nodes(String launcher, Place place, Consumer<NodeProcess> ended) {
        this.launcher = launcher;
        this.place = place;
        this.ended = ended;
    }

    void startAll() throws IOException {
        for (var node : place.nodes()) {
            start(node);
        }
    }

    private void start(String node) throws IOException {
        processes.put(node, NodeProcess.start(launcher, place, node, this::hasEnded));
    }

    private void hasEnded(NodeProcess process) {
        if (!ending) {
            ended.accept(process);
        }
    }

    void startAgain(NodeProcess process) throws IOException, InterruptedException {
        shortLives = process.age().compareTo(SHORT_LIFE) < 0 ? shortLives + 1 : 0;
        if (shortLives > SHORT_LIVES_MAX) {
            throw failed(process, "ended " + shortLives + " times in a row soon after its start");
        }
        if (shortLives > 0) {
            Thread.sleep(Duration.ofMillis(200L * shortLives));
        }
        start(process.node());
    }

    /// The nodes whose service lives.
    List<String> alive() {
        return processes.values().stream()
                .filter(NodeProcess::isAlive)
                .map(NodeProcess::node)
                .toList();
    }

    /// Waits until each service takes part and one leads, or until `enough` says so.
    void awaitReady(BooleanSupplier enough) throws InterruptedException {
        var giveUpNanos = System.nanoTime() + READY_LIMIT.toNanos();
        while (!enough.getAsBoolean() && !ready()) {
            if (System.nanoTime() - giveUpNanos > 0) {
                throw failed(notReady(), "is not ready after " + READY_LIMIT.toSeconds() + " s");
            }
            Thread.sleep(LOOK_INTERVAL);
        }
    }

    private boolean ready() {
        for (var process : processes.values()) {
            if (!process.isAlive()) {
                throw failed(process, "ended with exit code " + process.exitCode());
            }
        }
        return processes.values().stream().allMatch(NodeProcess::isReady)
                && leads(place.nodes().getFirst());
    }

    private boolean leads(String node) {
        try {
            return !Client.at(Place.socket(place.folder(node)))
                    .status(LOOK_LIMIT)
                    .leader()
                    .isEmpty();
        } catch (ClusterException notYet) {
            return false;
        }
    }

    private NodeProcess notReady() {
        return processes.values().stream()
                .filter(process -> !process.isReady())
                .findFirst()
                .orElseGet(() -> processes.values().iterator().next());
    }

    private static ClusterException failed(NodeProcess process, String how) {
        var inUse = !process.isAlive() && process.exitCode() == ErrorCode.Category.STATE.exitCode();
        return new ClusterException(
                inUse ? ErrorCode.FAILED : ErrorCode.SERVICE_NOT_RUNNING,
                "cannot run: the cluster service of " + process.node() + " " + how + ".",
                "It said:\n" + String.join("\n", process.lastLines(SHOWN_LINES)));
    }

    /// Ends the services in good order; one that does not end in time is killed.
    void end() throws InterruptedException {
        ending = true;
        processes.values().forEach(NodeProcess::closePipe);
        for (var process : processes.values()) {
            if (!process.end(END_LIMIT)) {
                process.family().forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    /// Kills the services.
    void killAll() {
        killAll(List.of());
    }

    /// Kills the services, these monitors, and everything below them.
    void killAll(List<Long> monitors) {
        ending = true;
        var families = new java.util.LinkedHashSet<ProcessHandle>();
        processes.values().forEach(process -> families.addAll(process.family()));
        for (var pid : monitors) {
            ProcessHandle.of(pid).ifPresent(monitor -> {
                families.add(monitor);
                monitor.descendants().forEach(families::add);
            });
        }
        families.forEach(ProcessHandle::destroyForcibly);
    }
}
