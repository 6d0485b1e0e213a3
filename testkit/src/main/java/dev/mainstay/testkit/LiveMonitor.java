package dev.mainstay.testkit;

import dev.mainstay.linux.GivenLocale;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.process.ProcessSupervisor;
import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.MarkedCalls;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.WireCodec.MalformedException;
import dev.mainstay.spi.ResourceFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A real resource monitor, a process of its own, with the service's end of its socket held here.
///
/// A monitor that was killed or died is followed by [#start]: the next one finds what the one before left.
///
/// **Threads:** one uses it; what the monitor says is read on a thread of its own.
/// **Time:** waits end after [Setting#patience] with an error that says what came instead.
public final class LiveMonitor implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    /// Messages kept to be looked for; a type that floods its log loses the oldest.
    private static final int MESSAGES_MAX = 50_000;

    /// How long the monitor waits for a service, in milliseconds; nobody comes back here.
    private static final long HOLD_MILLIS = 20_000;

    private final Setting setting;
    private final Path directory;
    private final String scope = "testkit-%d/%s"
            .formatted(
                    ProcessHandle.current().pid(), UUID.randomUUID().toString().substring(0, 8));
    /// Looks for processes as the monitor does, and ends them when the monitor is gone.
    private final ProcessSupervisor supervisor = new ProcessSupervisor(scope);
    private final ServerSocketChannel server;
    private final Map<String, LiveResource> resources = new TreeMap<>();
    private final List<ToService> messages = new ArrayList<>();
    private final List<Consumer<ToService>> listeners = new ArrayList<>();
    private long dropped;
    private long asked;
    private Optional<Process> process = Optional.empty();
    private Optional<SocketChannel> connection = Optional.empty();
    private Optional<Thread> reader = Optional.empty();

    /// How a monitor is run.
    ///
    /// @param classPath what its JVM loads classes from
    /// @param plugins its folder of plugins, if it has one
    /// @param jvm further options of its JVM
    /// @param patience longest wait for anything it should do
    /// @param within words before its command line, that become it: `ip netns exec NAME`; empty for here
    public record Setting(
            String classPath, Optional<Path> plugins, List<String> jvm, Duration patience, List<String> within) {
        /// As this JVM: built-in types, and types on the class path of a test.
        public static Setting ofThisClassPath() {
            return new Setting(
                    System.getProperty("java.class.path", ""),
                    Optional.empty(),
                    List.of(),
                    Duration.ofSeconds(60),
                    List.of());
        }

        /// This setting with a folder of plugins.
        public Setting withPlugins(Path folder) {
            return new Setting(classPath, Optional.of(folder), jvm, patience, within);
        }

        /// This setting with further options of the JVM.
        public Setting withJvm(String... options) {
            return new Setting(classPath, plugins, List.of(options), patience, within);
        }
    }

    /// Listens; no monitor runs yet.
    public LiveMonitor(Setting setting) throws IOException {
        this.setting = setting;
        // Short: the path of a Unix socket has 107 bytes at most.
        this.directory = Files.createTempDirectory(Path.of("/tmp"), "mstk");
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    /// Starts a monitor and waits until it has told what it holds.
    public ToService.Inventory start() throws IOException, InterruptedException {
        int before = count();
        var line = new ArrayList<>(List.of("setsid"));
        line.addAll(setting.within());
        line.addAll(List.of(JAVA.toString(), "-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1"));
        line.addAll(List.of("-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED"));
        line.addAll(setting.jvm());
        line.addAll(List.of("-cp", setting.classPath(), "dev.mainstay.monitor.Main"));
        line.addAll(List.of("--socket", directory.resolve("s").toString(), "--monitor", "testkit"));
        line.addAll(
                List.of("--scope", scope, "--directory", directory.resolve("m").toString()));
        line.addAll(List.of("--data", directory.resolve("d").toString()));
        line.addAll(List.of("--hold", Long.toString(HOLD_MILLIS)));
        setting.plugins().ifPresent(folder -> line.addAll(List.of("--plugins", folder.toString())));
        var builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        GivenLocale.utf8(builder.environment());
        var started = builder.start();
        process = Optional.of(started);
        try (var in = started.getOutputStream()) {
            in.write("token\n".getBytes(StandardCharsets.US_ASCII));
        }
        accept(started);
        return await("inventory", before, message -> as(ToService.Inventory.class, message));
    }

    /// The calls that are under way in the monitor, or that were when it ended.
    public MarkedCalls markedCalls() throws IOException {
        try {
            return MarkedCalls.read(directory.resolve("d/monitors/testkit").resolve(MarkedCalls.FILE));
        } catch (MalformedException e) {
            throw new IOException("the monitor marks its calls in another form", e);
        }
    }

    private void accept(Process started) throws IOException {
        var exit = started.onExit().thenRun(() -> closeQuietly(server));
        SocketChannel channel;
        try {
            channel = server.accept();
        } catch (AsynchronousCloseException e) {
            throw new IOException("the monitor ended before it connected. It said:\n" + tail(), e);
        }
        if (!exit.cancel(false)) {
            throw new IOException("the monitor ended while it connected. It said:\n" + tail());
        }
        connection = Optional.of(channel);
        try {
            var _ = Frames.read(channel, ToService.class);
        } catch (MalformedException e) {
            throw new IOException("the monitor greets in another protocol", e);
        }
        reader = Optional.of(Thread.ofPlatform().daemon().name("testkit reader").start(() -> read(channel)));
        send(new ToMonitor.Welcome(1, "key", HOLD_MILLIS));
    }

    private void read(SocketChannel channel) {
        try {
            while (true) {
                heard(Frames.read(channel, ToService.class));
            }
        } catch (EOFException | AsynchronousCloseException e) {
            heard(new ToService.LogLine("DEBUG", "", "the monitor's connection ended"));
        } catch (IOException | MalformedException e) {
            heard(new ToService.LogLine("DEBUG", "", "the monitor's connection ended: " + e));
        }
    }

    private synchronized void heard(ToService message) {
        if (messages.size() >= MESSAGES_MAX) {
            messages.removeFirst();
            dropped++;
        }
        messages.add(message);
        listeners.forEach(listener -> listener.accept(message));
        notifyAll();
    }

    /// Has a listener told of everything the monitor says, on the thread that reads.
    public synchronized void listen(Consumer<ToService> listener) {
        listeners.add(listener);
    }

    /// How many messages came so far: a mark for [#await].
    public synchronized int count() {
        return (int) dropped + messages.size();
    }

    /// Waits for a message after a mark.
    ///
    /// @param what said in the error
    /// @param wanted answers what of a message was waited for
    public <T> T await(String what, int since, Function<ToService, Optional<T>> wanted) throws InterruptedException {
        return poll(setting.patience(), since, wanted)
                .orElseThrow(() -> new AssertionError("%s did not come within %s. The monitor said:\n%s"
                        .formatted(what, setting.patience(), recent())));
    }

    /// Waits for a message after a mark; empty when none comes in time, or when the monitor has ended.
    public synchronized <T> Optional<T> poll(Duration limit, int since, Function<ToService, Optional<T>> wanted)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        int next = since;
        while (true) {
            for (; next < count(); next++) {
                var found = wanted.apply(messages.get(Math.max(0, next - (int) dropped)));
                if (found.isPresent()) {
                    return found;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 || reader.filter(Thread::isAlive).isEmpty()) {
                return Optional.empty();
            }
            wait(left);
        }
    }

    /// The message as one of a kind.
    public static <M extends ToService> Optional<M> as(Class<M> kind, ToService message) {
        return kind.isInstance(message) ? Optional.of(kind.cast(message)) : Optional.empty();
    }

    private synchronized String recent() {
        var last = messages.subList(Math.max(0, messages.size() - 20), messages.size());
        return last.stream()
                        .filter(message -> !(message instanceof ToService.Inventory))
                        .map(message -> "  " + message + "\n")
                        .collect(Collectors.joining())
                + tail();
    }

    /// What the monitor wrote last.
    public String tail() {
        try {
            var lines = Files.exists(output()) ? Files.readAllLines(output()) : List.<String>of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "its output cannot be read: " + e;
        }
    }

    /// The file with all its output.
    public Path output() {
        return directory.resolve("monitor.log");
    }

    /// The process of the monitor that was started last.
    public Process process() {
        return process.orElseThrow(() -> new IllegalStateException("no monitor was started"));
    }

    /// Sends a message.
    public void send(ToMonitor message) throws IOException {
        Frames.write(connection.orElseThrow(), ToMonitor.class, message);
    }

    /// Asks for everything the monitor holds now.
    public ToService.Inventory inventory() throws IOException, InterruptedException {
        int mark = count();
        send(new ToMonitor.Ask());
        return await("inventory", mark, message -> as(ToService.Inventory.class, message));
    }

    /// Asks what the monitor measured since it started.
    public ToService.Measures measures() throws IOException, InterruptedException {
        int mark = count();
        long id = nextId();
        send(new ToMonitor.AskMeasures(id));
        return await(
                "measures",
                mark,
                message -> as(ToService.Measures.class, message).filter(measures -> measures.id() == id));
    }

    /// Asks a control of a type.
    public ToService.ControlDone typeControl(String type, String code, Map<String, List<String>> input)
            throws IOException, InterruptedException {
        return control("", type, code, input);
    }

    ToService.ControlDone control(String resource, String type, String code, Map<String, List<String>> input)
            throws IOException, InterruptedException {
        int mark = count();
        long id = nextId();
        send(new ToMonitor.Control(
                id, resource, type, code, input, setting.patience().toMillis()));
        return await(
                "the answer of control '%s'".formatted(code),
                mark,
                message -> as(ToService.ControlDone.class, message).filter(done -> done.id() == id));
    }

    long nextId() {
        return ++asked;
    }

    /// A resource of this monitor; nothing is sent yet.
    public LiveResource resource(String name, String type, Map<String, List<String>> properties) {
        var resource = new LiveResource(this, name, type, properties);
        resources.put(name, resource);
        return resource;
    }

    Path folder(String resource) {
        return directory.resolve("d/resources").resolve(resource);
    }

    List<ProcessTable.Entry> processes(String resource) {
        return supervisor.living(resource, folder(resource));
    }

    Duration patience() {
        return setting.patience();
    }

    /// Kills the monitor as a crash would.
    public void kill() throws InterruptedException {
        process().destroyForcibly();
        var _ = awaitEnd();
    }

    /// Waits for the end of the monitor; answers its exit code, 128 + n when it was ended by signal n.
    public int awaitEnd() throws InterruptedException {
        if (!process().waitFor(setting.patience().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(
                    "the monitor still runs after %s. It said:\n%s".formatted(setting.patience(), recent()));
        }
        if (reader.isPresent()) {
            reader.get().join(setting.patience().toMillis());
        }
        return process().exitValue();
    }

    /// Ends the monitor and everything it ran.
    @Override
    public void close() throws IOException {
        try {
            process.ifPresent(Process::destroyForcibly);
            if (process.isPresent()) {
                var _ = process.get().onExit().join();
            }
            connection.ifPresent(LiveMonitor::closeQuietly);
            closeQuietly(server);
            endAll();
        } finally {
            delete();
        }
    }

    private void endAll() throws IOException {
        try (supervisor) {
            for (var name : resources.keySet()) {
                supervisor.of(name, folder(name)).endAll();
            }
        } catch (ResourceFailure e) {
            throw new IOException(e);
        }
    }

    private void delete() throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            System.getLogger(LiveMonitor.class.getName()).log(System.Logger.Level.DEBUG, "close: {0}", e);
        }
    }
}
