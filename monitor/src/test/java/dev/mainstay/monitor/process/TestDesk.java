package dev.mainstay.monitor.process;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ClusterView;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A monitor small enough for a test: one resource, real processes, work done on the caller's thread.
final class TestDesk implements ResourceContext {
    private final ResourceType type;
    private final Map<String, Object> set;
    private final Path directory;
    private final Processes processes;
    private final Optional<AdoptionRecord> recovered;
    final CompletableFuture<String> raised = new CompletableFuture<>();
    final CompletableFuture<String> foreign = new CompletableFuture<>();
    final ConcurrentLinkedQueue<String> checkpoints = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> reserved = new ConcurrentLinkedQueue<>();
    /// Whether the monitor would call LooksAlive.
    boolean polled = true;

    final Map<String, String> published = new ConcurrentHashMap<>();

    private TestDesk(
            ResourceType type,
            Map<String, Object> set,
            Path directory,
            Processes processes,
            Optional<AdoptionRecord> recovered) {
        this.type = type;
        this.set = set;
        this.directory = directory;
        this.processes = processes;
        this.recovered = recovered;
    }

    static TestDesk of(String type, Map<String, Object> set, Path directory, Processes processes) {
        return new TestDesk(find(type), set, directory, processes, Optional.empty());
    }

    /// The desk of a monitor that comes after this one.
    TestDesk after(AdoptionRecord adoption, Processes later) {
        return new TestDesk(type, set, directory, later, Optional.of(adoption));
    }

    ResourceType type() {
        return type;
    }

    static ResourceType find(String name) {
        return ServiceLoader.load(ResourceType.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(type -> type.describe().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String resource() {
        return "r";
    }

    @Override
    public String group() {
        return "g";
    }

    @Override
    public Properties properties() {
        return new SetOrDefault(type.describe(), set);
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("r");
    }

    @Override
    public Processes processes() {
        return processes;
    }

    @Override
    public Optional<AdoptionRecord> recovered() {
        return recovered;
    }

    @Override
    public void signalFailure(FailureKind kind, String evidence) {
        if (kind == FailureKind.FOREIGN_START) {
            foreign.complete(evidence);
        } else {
            raised.complete(evidence);
        }
    }

    @Override
    public void lock(String why) {
        throw new UnsupportedOperationException("no type tried here locks: " + why);
    }

    @Override
    public void unlock() {
        throw new UnsupportedOperationException("no type tried here locks");
    }

    @Override
    public void publish(String name, String value) {
        published.put(name, value);
    }

    @Override
    public void reserve(String what) {
        reserved.add(what);
    }

    @Override
    public ClusterView cluster() {
        return new OneNode();
    }

    @Override
    public FailureSignal signalInsteadOfLooksAlive() {
        polled = false;
        return raised::complete;
    }

    /// Runs pending work at once and remembers the adoption record.
    final class Now implements Operation, Progress {
        Optional<AdoptionRecord> adoption = Optional.empty();
        Optional<ResourceFailure> failure = Optional.empty();

        @Override
        public Reason reason() {
            return Reason.REQUESTED;
        }

        @Override
        public long epoch() {
            return 7;
        }

        @Override
        public Outcome pending(Work work) {
            try {
                work.run(this);
            } catch (ResourceFailure e) {
                failure = Optional.of(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Outcome.PENDING;
        }

        @Override
        public void adoptable(AdoptionRecord record) {
            adoption = Optional.of(record);
        }

        @Override
        public void checkpoint(String step) {
            checkpoints.add(step);
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }

    private record SetOrDefault(TypeDescription description, Map<String, Object> set) implements Properties {
        @Override
        public boolean isSet(String name) {
            return set.containsKey(name);
        }

        @Override
        public String text(String name) {
            return (String) set.getOrDefault(name, defaultText(name));
        }

        @Override
        public long integer(String name) {
            return (Long) set.getOrDefault(name, Long.valueOf("0" + defaultText(name)));
        }

        @Override
        public boolean flag(String name) {
            return (Boolean) set.getOrDefault(name, Boolean.valueOf(defaultText(name)));
        }

        @Override
        public Duration duration(String name) {
            var text = (String) set.getOrDefault(name, defaultText(name));
            return text.endsWith("ms")
                    ? Duration.parse("PT0." + "%03dS".formatted(number(text)))
                    : Duration.ofSeconds(number(text));
        }

        @Override
        public long bytes(String name) {
            return (long) number((String) set.getOrDefault(name, defaultText(name))) << 20;
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<String> list(String name) {
            return (List<String>) set.getOrDefault(name, List.of());
        }

        @Override
        @SuppressWarnings("unchecked")
        public Map<String, String> map(String name) {
            return (Map<String, String>) set.getOrDefault(name, Map.of());
        }

        private static int number(String text) {
            return Integer.parseInt(text.replaceAll("[A-Za-z]", ""));
        }

        private String defaultText(String name) {
            return description.properties().stream()
                    .filter(property -> property.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no property '" + name + "'"))
                    .defaultValue()
                    .stream()
                    .findFirst()
                    .orElse("");
        }
    }

    /// A cluster that is there and of which no type tried here asks more than the name of the node.
    private static final class OneNode implements ClusterView {
        @Override
        public boolean available() {
            return true;
        }

        @Override
        public String node() {
            return "n1";
        }

        @Override
        public Standing resource(String name) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public Standing group(String name) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public List<String> nodesUp() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void store(String property, List<String> value) {
            throw new UnsupportedOperationException(property);
        }
    }
}
