package dev.mainstay.monitor.host;

import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ClusterView;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// What one open resource may know of and ask from this monitor.
final class OpenContext implements ResourceContext {
    private final ResourceSpec spec;
    private final PropertyValues properties;
    private final Path directory;
    private final Processes processes;
    private final System.Logger logger;
    private final Optional<AdoptionRecord> recovered;
    private final ClusterView cluster;
    private final Consumer<String> suspicions;
    // Set by the type on any thread, read in the mailbox.
    private volatile boolean signals;

    private OpenContext(
            ResourceSpec spec,
            PropertyValues properties,
            Path directory,
            Hosting hosting,
            Optional<AdoptionRecord> recovered,
            Consumer<String> suspicions) {
        this.spec = spec;
        this.properties = properties;
        this.directory = directory;
        this.processes = hosting.processesOf(spec.resource());
        this.logger = new ResourceLogger(hosting.voice(), spec.resource());
        this.recovered = recovered;
        this.cluster = hosting.questions().ofResource(spec.resource());
        this.suspicions = suspicions;
    }

    static OpenContext of(
            ResourceSpec spec,
            HostedType type,
            Hosting hosting,
            Optional<AdoptionRecord> recovered,
            Consumer<String> suspicions)
            throws ResourceFailure {
        try {
            var properties = new PropertyValues(type.description(), spec.properties());
            var directory = Files.createDirectories(hosting.directory().resolve(spec.resource()));
            return new OpenContext(spec, properties, directory, hosting, recovered, suspicions);
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
        return suspicions::accept;
    }

    @Override
    public void signalFailure(FailureKind kind, String evidence) {
        suspicions.accept(evidence);
    }

    @Override
    public void lock(String why) {
        throw new UnsupportedOperationException("locking is not there yet");
    }

    @Override
    public void unlock() {
        throw new UnsupportedOperationException("locking is not there yet");
    }

    @Override
    public void publish(String name, String value) {
        throw new UnsupportedOperationException("publishing is not there yet");
    }

    @Override
    public ClusterView cluster() {
        return cluster;
    }
}
