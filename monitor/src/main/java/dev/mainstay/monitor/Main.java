package dev.mainstay.monitor;

import dev.mainstay.linux.Given;
import dev.mainstay.linux.NewProcess;
import dev.mainstay.monitor.entry.SharedState;
import dev.mainstay.monitor.evidence.Evidence;
import dev.mainstay.monitor.evidence.ResourceSurroundings;
import dev.mainstay.monitor.host.Host;
import dev.mainstay.monitor.host.Incident;
import dev.mainstay.monitor.host.RealTime;
import dev.mainstay.monitor.link.Outbox;
import dev.mainstay.monitor.link.OwnLog;
import dev.mainstay.monitor.link.ServiceLink;
import dev.mainstay.monitor.plugin.Plugins;
import dev.mainstay.monitor.process.ProcessSupervisor;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Starts a resource monitor and ends it.
public final class Main {
    /// Exit code after an orderly end.
    static final int ENDED = 0;
    /// Exit code when it was started by hand.
    static final int USAGE = 2;
    /// Exit code when the service could not be reached or did not accept this monitor; 3 is that of a JVM whose
    /// memory is used up.
    static final int NOT_ACCEPTED = 4;
    /// Exit code when a call did not return in time: the next monitor adopts what this one ran.
    static final int DEADLOCK = 70;

    /// Threads that carry virtual threads, unless the machine has more: calls that hang in native code each keep
    /// one, and the others must go on.
    private static final int CARRIERS_MIN = 8;

    /// When the last words are rehearsed, in milliseconds after the start: what was to be adopted is by then.
    private static final long REHEARSAL_MILLIS = 1_000;

    /// How long the last reports may take to be written, in milliseconds.
    private static final long FAREWELL_MILLIS = 1_000;

    private static final Path STDIN = Path.of("/proc/self/fd/0");

    private Main() {}

    /// Runs a monitor to its end.
    @SuppressWarnings("SystemOut") // started by hand, there is nobody else to tell
    public static void main(String... line) throws Exception {
        Arguments arguments;
        Plugins types;
        String token;
        try {
            arguments = Arguments.parse(line);
            Given.take();
            carriers();
            // what can be loaded before the token, which a successor is given when the monitor before it is dead
            Thread.ofPlatform().daemon().name("kernel").start(NewProcess::prepare);
            types = new Plugins(ServiceLoader.load(ResourceType.class), arguments.plugins());
            token = readToken();
        } catch (IllegalArgumentException e) {
            System.err.println(Arguments.EXPLANATION + "\nWhat is wrong here: " + e.getMessage() + ".");
            exit(USAGE);
            return;
        }
        exit(run(arguments, token, types));
    }

    private static void exit(int code) {
        ExitWatch.permit();
        System.exit(code);
    }

    private static void carriers() {
        var key = "jdk.virtualThreadScheduler.parallelism";
        if (System.getProperty(key) == null) {
            System.setProperty(
                    key,
                    Integer.toString(Math.max(CARRIERS_MIN, Runtime.getRuntime().availableProcessors())));
        }
    }

    private static String readToken() throws IOException {
        if (Files.isSymbolicLink(STDIN) && Files.readSymbolicLink(STDIN).startsWith("/dev/pts")) {
            throw new IllegalArgumentException("standard input is a terminal and holds no token");
        }
        var bytes = new StringBuilder();
        for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
            bytes.append((char) next);
        }
        if (bytes.toString().isBlank()) {
            throw new IllegalArgumentException("standard input holds no token");
        }
        return bytes.toString().strip();
    }

    private static int run(Arguments arguments, String token, Plugins types) throws Exception {
        var claimed = OwnDirectory.claim(arguments.directory());
        if (claimed.isEmpty()) {
            OwnLog.line(
                    Level.ERROR,
                    "",
                    "use folder '%s': another monitor uses it. It is left to that one; this one ends."
                            .formatted(arguments.directory()));
            return NOT_ACCEPTED;
        }
        try (var _ = claimed.get()) {
            return host(arguments, token, types);
        }
    }

    private static int host(Arguments arguments, String token, Plugins types) throws Exception {
        var outbox = new Outbox();
        var place = new Host.Place(arguments.monitor(), arguments.data(), arguments.debugged());
        try (var processes = new ProcessSupervisor(arguments.scope())) {
            var words = lastWords(place, outbox, processes);
            Thread.setDefaultUncaughtExceptionHandler(words::uncaught);
            ExitWatch.tell(words::say);
            SharedState.keep();
            try (var time = new RealTime(bug -> words.say(new Incident.Bug("", bug)));
                    var host = new Host(new Host.Parts(place, types, processes::of, time, outbox, words::say))) {
                outbox.whenLost(host::serviceLost);
                time.after(
                        REHEARSAL_MILLIS,
                        () -> Thread.ofVirtual().name("rehearsal").start(() -> {
                            words.rehearse();
                            SharedState.keepProviders();
                        }));
                return end(host, link(arguments, token, outbox, host, words), outbox, words);
            }
        }
    }

    private static ServiceLink link(Arguments arguments, String token, Outbox outbox, Host host, LastWords words) {
        var self = ProcessSupervisor.self();
        var settings = new ServiceLink.Settings(
                arguments.socket(),
                arguments.monitor(),
                token,
                arguments.holdMillis(),
                new Hello.ProcessRef(self.pid(), self.startTicks(), self.bootId()));
        return new ServiceLink(settings, outbox, host::inventory, bug -> words.say(new Incident.Bug("", bug)));
    }

    private static int end(Host host, ServiceLink link, Outbox outbox, LastWords words) throws InterruptedException {
        var hook = new Thread(
                () -> {
                    stop(host, link, Reason.SHUTDOWN);
                    // a stop that was asked for and is done is no failure, whatever signal asked for it
                    Runtime.getRuntime().halt(ENDED);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        var end = run(link, words, order -> {
            switch (order) {
                case ToMonitor.Stop _ ->
                    Thread.ofPlatform().name("stop").start(() -> stop(host, link, Reason.SHUTDOWN));
                case ToMonitor.LoadPlugins _ ->
                    Thread.ofPlatform().daemon().name("plugins").start(() -> {
                        host.lookForTypes();
                        outbox.tellAll(host::inventory);
                    });
                case ToMonitor other -> host.order(other);
            }
        });
        return switch (end) {
            case NEVER_ACCEPTED -> {
                // What an earlier monitor left running stays for the next one that is accepted.
                removeHook(hook);
                yield NOT_ACCEPTED;
            }
            case LOST -> {
                OwnLog.line(Level.WARNING, "", "nobody came back within the hold time: everything is taken offline");
                stop(host, link, Reason.SERVICE_LOST);
                removeHook(hook);
                yield ENDED;
            }
            case ENDED -> {
                removeHook(hook);
                yield ENDED;
            }
        };
    }

    private static ServiceLink.End run(ServiceLink link, LastWords words, Consumer<ToMonitor> orders)
            throws InterruptedException {
        try {
            return link.run(orders);
        } catch (RuntimeException | Error bug) {
            words.say(new Incident.Bug("", bug));
            // the process ends within half a second, and must not let go of what it hosts before
            new CountDownLatch(1).await();
            throw bug;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            OwnLog.line(Level.DEBUG, "", "the process is ending already");
        }
    }

    /// Takes everything offline in order, tells the service, and ends the link.
    static void stop(Host host, ServiceLink link, Reason reason) {
        try {
            host.stop(reason).await();
            link.end(FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LastWords lastWords(Host.Place place, Outbox outbox, ProcessSupervisor processes) {
        var surroundings = new ResourceSurroundings(processes, place::folderOf);
        return new LastWords(
                outbox,
                incident -> new Evidence(incident, place.monitor(), place.evidence(), surroundings),
                () -> Runtime.getRuntime().halt(DEADLOCK));
    }
}
