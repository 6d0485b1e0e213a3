package dev.mainstay.service;

import dev.mainstay.linux.Given;
import dev.mainstay.service.log.DirectoryCheck;
import dev.mainstay.service.log.DirectoryRefused;
import dev.mainstay.service.node.Node;
import dev.mainstay.service.node.NodeSettings;
import dev.mainstay.service.node.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process of the cluster service.
///
/// It ends in good order on SIGTERM, on SIGINT, when asked over the API, and, with `--parent-pipe`, when its
/// standard input ends.
public final class Main {
    /// It could not start.
    static final int EXIT_NOT_STARTED = 1;
    /// The command line or the node file cannot be used.
    static final int EXIT_BAD_SETTINGS = 2;
    /// Another cluster service uses the data directory.
    static final int EXIT_IN_USE = 3;
    /// What the data directory holds cannot be used as it is.
    static final int EXIT_DATA = 4;
    /// A bug: halted at once; monitors keep the resources for the hold time.
    static final int EXIT_BUG = 70;

    private static final String USAGE = """
            Usage: mainstay service --data DIR [options]

              the cluster service of this node, until SIGTERM or SIGINT

            Options:
              --data DIR               where it keeps all that it must not lose
              --config FILE            settings as YAML (default: DIR/node.yaml); options win over it
              --node NAME              the name of this node (default: n1)
              --cluster NAME           the name of the cluster (default: mainstay)
              --socket FILE            the socket of the API (default: DIR/run/api.sock)
              --member NAME=HOST:PORT  a member of the cluster, this one too; once for each
              --hold DURATION          how long monitors keep resources when this service is gone
                                       (default: 24h, with other members 30s)
              --beat DURATION          how often service and monitors ask each other whether they are there (default: 1s)
              --silence DURATION       after so much silence a monitor is killed and replaced (default: 10s)
              --lastResort COMMAND     run with the reason when a process cannot be killed, such as a reboot
              --recover                go on without what is damaged or missing in DIR; it is put aside
              --new-cluster            put all data of DIR aside and begin a new cluster
              --parent-pipe            stop in good order when standard input ends
              --help                   show this help
            """;

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /// Runs until it is told to stop.
    public static void main(String[] args) {
        Given.take();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, error) -> LOG.error("thread '{}' ended by an error", thread.getName(), error));
        var words = new ArrayList<>(List.of(args));
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        boolean parentPipe = words.remove("--parent-pipe");
        boolean recover = words.remove("--recover");
        boolean anew = words.remove("--new-cluster");
        var start = anew
                ? DirectoryCheck.Start.NEW_CLUSTER
                : recover ? DirectoryCheck.Start.RECOVER : DirectoryCheck.Start.USUAL;
        var running = new AtomicReference<Node>();
        try {
            var settings = NodeSettings.of(words);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "stop"));
            if (parentPipe) {
                Thread.ofPlatform().daemon().name("parent-pipe").start(Main::exitAtEndOfInput);
            }
            var callbacks = new Node.Callbacks(
                    Main::halt, () -> Thread.ofPlatform().name("stop-requested").start(() -> System.exit(0)));
            var node = Node.open(settings, start, callbacks);
            running.set(node);
            node.start();
            System.out.printf(
                    "READY node=%s socket=%s pid=%d%n",
                    settings.node(), settings.socket(), ProcessHandle.current().pid());
            System.out.flush();
            SystemdNotice.send("READY=1");
            SystemdNotice.watch(node::isAlive);
        } catch (SettingsException e) {
            fail(EXIT_BAD_SETTINGS, e.getMessage());
        } catch (Node.InUseException e) {
            fail(EXIT_IN_USE, e.getMessage());
        } catch (DirectoryRefused e) {
            refuse(e);
        } catch (IOException e) {
            fail(EXIT_NOT_STARTED, "start the cluster service: " + DirectoryRefused.words(e) + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            halt(e);
        }
    }

    private static void fail(int exitCode, @org.jspecify.annotations.Nullable String message) {
        System.err.println("mainstay service: " + message);
        Runtime.getRuntime().halt(exitCode);
    }

    /// Monitors keep what they host until their hold time ends: a refusal takes nothing offline.
    private static void refuse(DirectoryRefused refused) {
        fail(EXIT_DATA, "%s %s".formatted(refused.code().code(), refused.getMessage()));
    }

    private static void halt(Throwable bug) {
        for (Throwable cause = bug; cause != null; cause = cause.getCause()) {
            if (cause instanceof DirectoryRefused refused) {
                refuse(refused);
            }
        }
        LOG.error("the cluster service is halted by a bug; its monitors keep the resources for the hold time", bug);
        Runtime.getRuntime().halt(EXIT_BUG);
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Only the end counts.
            }
        } catch (IOException e) {
            LOG.debug("standard input: {}", e.toString());
        }
        System.exit(0);
    }

    private static void stop(AtomicReference<Node> running) {
        SystemdNotice.send("STOPPING=1");
        var node = running.get();
        try {
            if (node != null) {
                node.stop();
            }
        } catch (InterruptedException e) {
            LOG.warn("stop: interrupted");
        } catch (RuntimeException e) {
            halt(e);
        }
        // The JVM would end with 143 after SIGTERM; the stop was in good order.
        Runtime.getRuntime().halt(0);
    }
}
