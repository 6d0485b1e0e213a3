package dev.mainstay.testkit.desk;

import dev.mainstay.monitor.plugin.PluginStore;
import dev.mainstay.monitor.plugin.RefusedException;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.PlainText;
import dev.mainstay.protocol.ToService;
import dev.mainstay.testkit.LiveMonitor;
import dev.mainstay.testkit.LiveResource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A console for one resource of one type: each command is an order of a cluster service, each answer shows what
/// the monitor says and how long it took.
public final class Desk implements AutoCloseable {
    private static final String HELP = """
              online                 bring it online        offline     take it offline
              terminate              end it at once         state       how it is
              looksalive, isalive    what the checks cost   kill        kill -9 the monitor, adopt with the next
              control CODE [k=v ...] ask a control          measures    calls and durations so far
              help                   this                   quit        terminate, close and end""";

    private static final long SLOW_MICROS = 300_000;
    private static final long CHECK_MILLIS = 1_000;

    private final LiveMonitor monitor;
    private final LiveResource resource;
    private final PrintStream out;

    private Desk(LiveMonitor monitor, LiveResource resource, PrintStream out) {
        this.monitor = monitor;
        this.resource = resource;
        this.out = out;
    }

    /// Runs commands from `in` until it ends or says quit.
    ///
    /// @param type which of the plugin's types, if it has several
    /// @param properties each `KEY=VALUE`; a key that comes again makes a list
    /// @return 0, or 3 when the last order failed: a script of commands can tell
    public static int run(Path plugin, Optional<String> type, List<String> properties, InputStream in, PrintStream out)
            throws IOException, RefusedException, InterruptedException {
        var given = values(properties);
        var plugins = Files.createTempDirectory("mainstay-desk");
        // Also when Ctrl-C ends this process.
        var cleaning = new Thread(() -> delete(plugins), "desk-cleaning");
        Runtime.getRuntime().addShutdownHook(cleaning);
        var installed = new PluginStore(plugins).install(plugin);
        var name = type.orElse(installed.types().getFirst());
        if (!installed.types().contains(name)) {
            throw new RefusedException(
                    "it has no type '%s'. It has: %s.".formatted(name, String.join(", ", installed.types())));
        }
        out.printf(
                "Plugin '%s' has %s. Trying '%s'; 'help' lists the commands.%n",
                installed.plugin(), String.join(", ", installed.types()), name);
        var monitor = new LiveMonitor(LiveMonitor.Setting.ofThisClassPath().withPlugins(plugins));
        try (var desk = new Desk(monitor, monitor.resource("desk", name, given), out)) {
            monitor.listen(desk::heard);
            var _ = monitor.start();
            var _ = desk.resource.with(new LiveResource.Limits(CHECK_MILLIS, CHECK_MILLIS, 0, 0));
            boolean good = desk.tell("open", desk.resource::open);
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (var line = lines.readLine(); line != null && !line.strip().equals("quit"); line = lines.readLine()) {
                good = desk.follow(List.of(line.strip().split("\\s+")));
            }
            if (monitor.process().isAlive()) {
                desk.resource.close();
            }
            return good ? 0 : 3;
        }
    }

    private static Map<String, List<String>> values(List<String> properties) throws RefusedException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (var property : properties) {
            int equals = property.indexOf('=');
            if (equals < 1) {
                throw new RefusedException("-p '%s' is not KEY=VALUE".formatted(property));
            }
            values.computeIfAbsent(property.substring(0, equals), _ -> new ArrayList<>())
                    .add(property.substring(equals + 1));
        }
        return values;
    }

    private interface Order {
        HeldResource follow() throws IOException, InterruptedException;
    }

    private boolean follow(List<String> words) throws IOException, InterruptedException {
        if (!monitor.process().isAlive()) {
            say("  the monitor ended with exit code %d; the next one starts%n", monitor.awaitEnd());
            var _ = monitor.start();
            var _ = tell("open", resource::open);
        }
        try {
            return switch (words.getFirst()) {
                case "" -> true;
                case "online" -> tell("online", resource::online);
                case "offline" -> tell("offline", resource::offline);
                case "terminate" -> terminate();
                case "state" -> tell("state", () -> resource.held().orElseThrow());
                case "looksalive" -> measured("looksAlive");
                case "isalive" -> measured("isAlive");
                case "measures" -> measured("");
                case "control" -> control(words.subList(1, words.size()));
                case "kill" -> kill();
                case "help" -> say(HELP);
                default -> {
                    var _ = say("  there is no command '%s'; 'help' lists them".formatted(words.getFirst()));
                    yield false;
                }
            };
        } catch (AssertionError late) {
            var _ = say("  " + late.getMessage());
            return false;
        }
    }

    private boolean say(String text) {
        say("%s%n", text);
        return true;
    }

    private boolean tell(String what, Order order) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var held = order.follow();
        say(
                "%s: %s after %d ms%s%n",
                what,
                held.state(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                held.detail().isEmpty() ? "" : ": " + held.detail());
        return held.state() != HeldState.FAILED || what.equals("terminate") || what.equals("state");
    }

    private boolean terminate() throws IOException, InterruptedException {
        if (resource.held().filter(held -> held.state() == HeldState.ONLINE).isEmpty()) {
            return say("  it is not online: there is nothing to terminate");
        }
        return tell("terminate", resource::fail);
    }

    private boolean kill() throws IOException, InterruptedException {
        var before = resource.identities();
        monitor.kill();
        say("  the monitor is killed; processes of the resource (pid@start): %s%n", before);
        var _ = monitor.start();
        boolean good = tell("adoption", resource::open);
        say("  processes now: %s%n", resource.identities());
        return good;
    }

    private boolean control(List<String> words) throws IOException, InterruptedException {
        if (words.isEmpty()) {
            return say("  control CODE [k=v ...]: name the control");
        }
        Map<String, List<String>> input = new LinkedHashMap<>();
        for (var pair : words.subList(1, words.size())) {
            var parts = pair.split("=", 2);
            input.computeIfAbsent(parts[0], _ -> new ArrayList<>()).add(parts.length > 1 ? parts[1] : "");
        }
        long begin = System.nanoTime();
        var done = resource.control(words.getFirst(), input);
        say(
                "control %s: %s after %d ms%s%n",
                words.getFirst(),
                done.result(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                done.error().isEmpty() ? "" : ": " + done.error());
        done.output().forEach((name, value) -> say("  %s = %s%n", name, String.join(", ", value)));
        return done.result() == ToService.ControlDone.Result.DONE;
    }

    /// The monitor checks an online resource every second; this shows what that cost so far.
    private boolean measured(String call) throws IOException, InterruptedException {
        boolean any = false;
        for (var measure : monitor.measures().calls()) {
            if (call.isEmpty() || measure.call().equals(call)) {
                any = true;
                say(
                        "  %-12s %5d calls, mostly %d us, longest %d us%s%n",
                        measure.call(),
                        measure.count(),
                        measure.durations().p50(),
                        measure.durations().max(),
                        measure.durations().max() > SLOW_MICROS
                                ? "   over 300 ms: hand longer work to Operation.pending"
                                : "");
            }
        }
        return any
                || say(
                        call.isEmpty()
                                ? "  nothing was called yet"
                                : "  %s was not called yet: an online resource is checked every second, and LooksAlive not at all where the type tells of failures itself"
                                        .formatted(call));
    }

    private void heard(ToService message) {
        switch (message) {
            case ToService.Report(var held)
            when !held.checkpoint().isEmpty()
                    || held.state() == HeldState.ONLINE_PENDING
                    || held.state() == HeldState.OFFLINE_PENDING ->
                say("  ... %s %s%n", held.state(), held.checkpoint());
            case ToService.LogLine(var level, var _, var text)
            when !level.equals("DEBUG") -> say("  %s %s%n", level, text);
            case ToService.Deadlocked told -> say("  DEADLOCK %s%n  evidence: %s%n", told.summary(), told.evidence());
            case ToService _ -> {}
        }
    }

    /// Ends the monitor and whatever of the resource still runs.
    @Override
    public void close() throws IOException {
        monitor.close();
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            System.err.println("'" + folder + "' is left: " + left);
        }
    }

    /// A type's words do not steer the terminal.
    private void say(String format, Object... values) {
        out.print(PlainText.lines(format.formatted(values)));
        out.flush();
    }
}
