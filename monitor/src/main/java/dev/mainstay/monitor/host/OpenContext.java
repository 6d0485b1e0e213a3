package dev.mainstay.monitor.host;

import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.Texts;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ClusterView;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one open resource may know of and ask from this monitor.
final class OpenContext implements ResourceContext {
    /// What the contract of resource types promises; each report carries all of it.
    private static final int PUBLISHED_MAX = Limits.PUBLISHED;

    private static final int PUBLISHED_NAME_MAX = Limits.PUBLISHED_NAME;
    private static final int PUBLISHED_VALUE_MAX = Limits.PUBLISHED_VALUE;

    /// The name under which it is published that a log is not where its program writes.
    private static final String LOG_TROUBLE = "log";

    private final ResourceSpec spec;
    private final PropertyValues properties;
    private final Path directory;
    private final Processes processes;
    private final System.Logger logger;
    private final Optional<AdoptionRecord> recovered;
    private final ClusterView cluster;
    private final Signals reports;
    private final Hosting hosting;
    private final Map<String, String> published = new TreeMap<>();
    private final Set<String> reserved = new TreeSet<>();
    private String locked = "";
    // Set by the type on any thread, read in the mailbox.
    private volatile boolean signals;

    private OpenContext(
            ResourceSpec spec,
            PropertyValues properties,
            Path directory,
            Hosting hosting,
            Optional<AdoptionRecord> recovered,
            Signals reports) {
        this.spec = spec;
        this.hosting = hosting;
        this.properties = properties;
        this.directory = directory;
        this.processes = hosting.processesOf(spec.resource(), this::tellOfLog);
        this.logger = new ResourceLogger(hosting.voice(), spec.resource());
        this.recovered = recovered;
        this.cluster = hosting.questions().ofResource(spec.resource());
        this.reports = reports;
    }

    static OpenContext of(
            ResourceSpec spec, HostedType type, Hosting hosting, Optional<AdoptionRecord> recovered, Signals reports)
            throws ResourceFailure {
        try {
            var properties = new PropertyValues(type.description(), spec.properties());
            var directory = hosting.directory().resolve(spec.resource());
            // as a rule it is there, and then making it would begin with an exception
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            return new OpenContext(spec, properties, directory, hosting, recovered, reports);
        } catch (IllegalArgumentException e) {
            throw new ResourceFailure("cannot open resource '%s': %s".formatted(spec.resource(), e.getMessage()), e);
        } catch (IOException e) {
            throw new ResourceFailure(
                    "cannot open resource '%s': its folder cannot be made: %s. Check the disk and its rights."
                            .formatted(spec.resource(), e),
                    e);
        }
    }

    /// The private properties, which may get new values while the instance is open.
    PropertyValues values() {
        return properties;
    }

    boolean signals() {
        return signals;
    }

    @Override
    public String resource() {
        return spec.resource();
    }

    @Override
    public String group() {
        return spec.group();
    }

    @Override
    public Properties properties() {
        return properties;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public System.Logger logger() {
        return logger;
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
    public FailureSignal signalInsteadOfLooksAlive() {
        signals = true;
        return evidence -> reports.failed(FailureKind.GENERAL, Texts.cut(evidence, Limits.TEXT));
    }

    @Override
    public void signalFailure(FailureKind kind, String evidence) {
        reports.failed(kind, Texts.cut(evidence, Limits.TEXT));
    }

    @Override
    public synchronized void lock(String why) {
        locked = why.isBlank() ? "its type does not say why" : shortened(why);
        reports.described(locked, published);
    }

    @Override
    public synchronized void unlock() {
        locked = "";
        reports.described(locked, published);
    }

    @Override
    public synchronized void publish(String name, String value) {
        if (name.isBlank() || name.length() > PUBLISHED_NAME_MAX || value.length() > PUBLISHED_VALUE_MAX) {
            throw new IllegalArgumentException(
                    "publish '%s' of resource '%s' with a value of %d characters: a name has 1 to %d characters, a value at most %d"
                            .formatted(
                                    shortened(name),
                                    spec.resource(),
                                    value.length(),
                                    PUBLISHED_NAME_MAX,
                                    PUBLISHED_VALUE_MAX));
        }
        if (value.isEmpty()) {
            published.remove(name);
        } else if (published.containsKey(name) || published.size() < PUBLISHED_MAX) {
            published.put(name, value);
        } else {
            throw new IllegalArgumentException(
                    "publish '%s' of resource '%s': it publishes %d values already, no more are kept. Take one back with an empty value"
                            .formatted(name, spec.resource(), PUBLISHED_MAX));
        }
        reports.described(locked, published);
    }

    /// What became of the log of a program that runs: shown with the resource until all is well again.
    private void tellOfLog(String trouble) {
        if (!trouble.isEmpty()) {
            logger.log(System.Logger.Level.WARNING, trouble);
        }
        publish(LOG_TROUBLE, shortened(trouble));
    }

    private static String shortened(String text) {
        return Texts.cut(text, Limits.LINE);
    }

    @Override
    public synchronized void reserve(String what) throws ResourceFailure {
        try {
            var holder = hosting.records().reserve(what, spec.resource());
            if (holder.isPresent()) {
                throw new ResourceFailure(
                        "opening '%s': it needs the %s, which resource '%s' has on this node. Two resources must not use one: change or remove one of them"
                                .formatted(spec.resource(), what, holder.get()));
            }
            reserved.add(what);
        } catch (IOException e) {
            throw new ResourceFailure(
                    "opening '%s': the %s cannot be reserved: %s. Check the disk".formatted(spec.resource(), what, e),
                    e);
        }
    }

    /// Opens the resource. When that fails, nothing is reserved any more, unless an earlier monitor left something
    /// that still uses it.
    EntryPoints open(ResourceType type) throws ResourceFailure {
        boolean opened = false;
        try {
            var instance = type.open(this);
            opened = true;
            return instance;
        } finally {
            if (!opened && recovered.isEmpty()) {
                giveBack();
            }
        }
    }

    /// Gives back what was reserved: nothing of the resource uses it any more.
    synchronized void giveBack() {
        for (var what : reserved) {
            try {
                hosting.records().giveBack(what, spec.resource());
            } catch (IOException e) {
                // it counts only as long as this resource is hosted
                logger.log(Level.WARNING, "the {0} stays reserved until it is closed: {1}", what, e);
            }
        }
        reserved.clear();
    }

    @Override
    public ClusterView cluster() {
        return cluster;
    }
}
