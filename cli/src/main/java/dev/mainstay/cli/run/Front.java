package dev.mainstay.cli.run;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.EventStream;
import dev.mainstay.api.StatusView;
import dev.mainstay.cli.run.Happening.Fact;
import dev.mainstay.cli.run.Happening.FactsEnded;
import dev.mainstay.cli.run.Happening.ServiceEnded;
import dev.mainstay.cli.run.Happening.StopRequested;
import dev.mainstay.cli.run.Happening.Stopped;
import dev.mainstay.cli.screen.ErrorText;
import dev.mainstay.cli.screen.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The front of a run: starts the services, shows what happens, and ends everything in order.
///
/// **Threads:** [#run] on one thread; [#stopRequested] from any. Edges post happenings, the one thread reacts.
final class Front {
    /// A status that has not changed by an event is looked at again after this.
    private static final Duration GLANCE_INTERVAL = Duration.ofSeconds(1);

    /// A status must not hold up the reaction to Ctrl-C for longer.
    private static final Duration GLANCE_LIMIT = Duration.ofSeconds(2);

    /// The services restart what they lose for as long as the front lives.
    private static final Duration FACTS_PATIENCE = Duration.ofHours(24);

    /// So long without a fact after everything is offline, and none will come.
    private static final Duration LATE_FACTS_WAIT = Duration.ofMillis(300);

    /// Facts wait here for the screen; a full queue holds up the stream, not the cluster.
    private static final int HAPPENINGS_MAX = 1024;

    /// Wrappers such as timeout(1) send a signal twice at once: that is one wish.
    private static final Duration ONE_WISH = Duration.ofMillis(500);

    private final Terminal terminal;
    private final Place place;
    private final Nodes nodes;
    private final Screen screen;
    private final BlockingQueue<Happening> happenings = new ArrayBlockingQueue<>(HAPPENINGS_MAX);
    private Optional<Long> stopping = Optional.empty();

    Front(Terminal terminal, String launcher, Place place) {
        this.terminal = terminal;
        this.place = place;
        this.nodes = new Nodes(launcher, place, process -> post(new ServiceEnded(process)));
        this.screen = Screen.on(terminal);
    }

    /// Somebody wants it to stop.
    void stopRequested() {
        post(new StopRequested());
    }

    int run(String file, byte[] manifest) throws IOException, InterruptedException {
        screen.note("starting " + place.nodes().size() + (place.nodes().size() == 1 ? " node" : " nodes") + ", data in "
                + place.folder());
        nodes.startAll();
        nodes.awaitReady(() -> happenings.stream().anyMatch(StopRequested.class::isInstance));
        if (happenings.stream().anyMatch(StopRequested.class::isInstance)) {
            return finish(0);
        }
        place.remember(terminal.environment());
        try (var facts = client().follow("now", FACTS_PATIENCE)) {
            facts.open();
            Thread.ofPlatform().daemon().name("mainstay-run-facts").start(() -> read(facts));
            try {
                client().apply(file, ManifestFile.directory(file), manifest, false);
            } catch (ClusterException refused) {
                screen.close();
                ErrorText.show(refused, terminal);
                return finish(refused.code().category().exitCode());
            }
            screen.note("applied " + file + "; Ctrl-C takes everything offline. Elsewhere:  mainstay status");
            return watch();
        }
    }

    /// Ends what was started, after a failure to start.
    void abandon() {
        screen.close();
        try {
            nodes.end();
        } catch (InterruptedException interrupted) {
            nodes.killAll();
            Thread.currentThread().interrupt();
        }
    }

    private int watch() throws IOException, InterruptedException {
        while (true) {
            var happening = happenings.poll(GLANCE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            switch (happening) {
                case null -> screen.status(glance());
                case Fact(var event) -> {
                    screen.event(event);
                    if (happenings.isEmpty()) {
                        screen.status(glance());
                    }
                }
                case FactsEnded(var reason) -> screen.note("no more events are shown: " + reason);
                case ServiceEnded(var process) -> startAgain(process);
                case StopRequested() -> {
                    if (stopping.isEmpty()) {
                        beginStop();
                    } else if (System.nanoTime() - stopping.get() > ONE_WISH.toNanos()) {
                        return force();
                    }
                }
                case Stopped(var message) -> {
                    showLateFacts();
                    screen.note(message);
                    return finish(0);
                }
            }
        }
    }

    /// The journal is a moment behind the state that the stop was judged by.
    private void showLateFacts() throws InterruptedException {
        for (int shown = 0; shown < HAPPENINGS_MAX; shown++) {
            var next = happenings.poll(LATE_FACTS_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                return;
            } else if (next instanceof Fact(var event)) {
                screen.event(event);
            }
        }
    }

    private void startAgain(NodeProcess process) throws IOException, InterruptedException {
        screen.note("the cluster service of " + process.node() + " ended (exit code " + process.exitCode()
                + "); starting it again. What it runs keeps running.");
        nodes.startAgain(process);
    }

    private void beginStop() {
        stopping = Optional.of(System.nanoTime());
        screen.note("taking everything offline (Ctrl-C again ends it by force) ...");
        Thread.ofPlatform().daemon().name("mainstay-run-stop").start(this::stopCluster);
    }

    /// Asks until everything is offline; a service that is being started again is asked again.
    private void stopCluster() {
        new ClusterStop(this::client, screen::note, this::glance).run();
        post(new Stopped("everything is offline"));
    }

    private int force() {
        screen.note("ending everything by force");
        var monitors = glance().stream()
                .flatMap(status -> status.nodes().stream())
                .map(node -> node.monitor())
                .filter(pid -> pid > 0)
                .toList();
        screen.close();
        nodes.killAll(monitors);
        return ErrorCode.FAILED.category().exitCode();
    }

    private int finish(int exitCode) throws InterruptedException {
        screen.status(glance());
        screen.close();
        nodes.end();
        return exitCode;
    }

    /// The status as the first node tells it that can; with none the screen keeps what it showed.
    private Optional<StatusView> glance() {
        return nodes.alive().stream().flatMap(node -> glanceAt(node).stream()).findFirst();
    }

    private Optional<StatusView> glanceAt(String node) {
        try {
            return Optional.of(Client.at(Place.socket(place.folder(node))).status(GLANCE_LIMIT));
        } catch (ClusterException unavailable) {
            // It is starting or ending: the next node is asked.
            return Optional.empty();
        }
    }

    private Client client() {
        var node = nodes.alive().stream().findFirst().orElse(place.nodes().getFirst());
        return Client.at(Place.socket(place.folder(node)));
    }

    private void read(EventStream facts) {
        try {
            for (var event = facts.next(); event.isPresent(); event = facts.next()) {
                post(new Fact(event.get()));
            }
        } catch (ClusterException lost) {
            post(new FactsEnded(String.valueOf(lost.getMessage())));
        }
    }

    private void post(Happening happening) {
        try {
            happenings.put(happening);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
