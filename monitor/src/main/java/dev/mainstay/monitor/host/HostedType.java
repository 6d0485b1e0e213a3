package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.AbilitySpec;
import dev.mainstay.protocol.TypeSpec.ControlSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import dev.mainstay.spi.ClusterView;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.ControlDescription.Target;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.SpiVersion;
import dev.mainstay.spi.TypeContext;
import dev.mainstay.spi.TypeDescription;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/// A resource type in this monitor: started up before its first use, told how far the cluster service is, and the
/// turns that keep its entry points from overlapping.
///
/// **Threads:** any.
final class HostedType {
    private final TypeSource.Found found;
    private final ResourceType type;
    private final TypeDescription description;
    private final Turns turns;
    // Guarded by this: how often it is used, what it was told and what it still has to hear; the version that the
    // service was told.
    private int users;
    private Optional<ToMonitor.Starting> latest = Optional.empty();
    private final Queue<ToMonitor.Starting> unheard = new ArrayDeque<>();
    private int told;
    // Written under the lock, read at any time.
    private volatile int version;

    HostedType(TypeSource.Found found) {
        this.found = found;
        this.type = found.type();
        this.description = found.description();
        this.turns = new Turns(description.independent());
    }

    ResourceType type() {
        return type;
    }

    /// Whether this is the very code that was found, not another version of it.
    @SuppressWarnings("ReferenceEquality") // an equal type of another class loader is another type
    boolean isOf(TypeSource.Found other) {
        return type == other.type();
    }

    TypeDescription description() {
        return description;
    }

    Turns turns() {
        return turns;
    }

    /// Whether the type was started up and has not been given up since.
    boolean started() {
        return version != 0;
    }

    /// The version of the contract that type and monitor chose, 0 before the start-up.
    int version() {
        return version;
    }

    /// Starts the type up for an instance that is about to be opened, unless that was done.
    ///
    /// **Errors:** [ResourceFailure] when it cannot be used here; the next attempt tries again.
    void enter(Hosting hosting) throws ResourceFailure {
        synchronized (this) {
            users++;
        }
        found.uses().begin();
        try {
            startUp(hosting);
        } catch (ResourceFailure | RuntimeException | Error e) {
            leave();
            throw e;
        }
    }

    /// An instance is closed, or could not be opened; after the last one the type starts up again for the next.
    void leave() {
        synchronized (this) {
            users--;
            if (users == 0) {
                version = 0;
                unheard.clear();
            }
        }
        found.uses().end();
    }

    /// Starts the type up for a control, unless that was done, and keeps its code until [#asked].
    void asking(Hosting hosting) throws ResourceFailure {
        found.uses().begin();
        try {
            startUp(hosting);
        } catch (ResourceFailure | RuntimeException | Error e) {
            found.uses().end();
            throw e;
        }
    }

    /// A control has ended.
    void asked() {
        found.uses().end();
    }

    /// Starts the type up unless that was done.
    private void startUp(Hosting hosting) throws ResourceFailure {
        if (started()) {
            return;
        }
        var caller = Caller.ofType(hosting, this);
        try (var _ = caller.take(EntryPoint.STARTUP)) {
            if (started()) {
                return;
            }
            int chosen = caller.inside(EntryPoint.STARTUP, () -> type.startup(context(hosting)));
            if (chosen < SpiVersion.OLDEST || chosen > SpiVersion.NEWEST) {
                throw new ResourceFailure("it speaks version %d of the contract, this monitor versions %d to %d"
                        .formatted(chosen, SpiVersion.OLDEST, SpiVersion.NEWEST));
            }
            boolean news;
            synchronized (this) {
                version = chosen;
                news = told != chosen;
                told = chosen;
                latest.ifPresent(unheard::add);
            }
            if (news) {
                hosting.tellAll().run();
            }
            hearAll(caller);
        } catch (ResourceFailure | RuntimeException | Error e) {
            throw new ResourceFailure(
                    "type '%s' version '%s' cannot be used in this monitor: %s. Install a version of the type that fits this Mainstay, or a Mainstay that fits the type."
                            .formatted(description.name(), description.version(), Words.of(e)),
                    e);
        }
    }

    private TypeContext context(Hosting hosting) {
        return new StartContext(
                new ResourceLogger(hosting.voice(), description.name()),
                hosting.questions().ofType(description.name()));
    }

    private record StartContext(System.Logger logger, ClusterView cluster) implements TypeContext {
        @Override
        public int oldestVersion() {
            return SpiVersion.OLDEST;
        }

        @Override
        public int newestVersion() {
            return SpiVersion.NEWEST;
        }
    }

    /// Tells the type how far the start of the cluster service is: now, or as soon as it is started up.
    void hear(ToMonitor.Starting starting, Hosting hosting) {
        synchronized (this) {
            latest = Optional.of(starting);
            if (!started()) {
                return;
            }
            unheard.removeIf(before -> before.phase() == starting.phase());
            unheard.add(starting);
        }
        var caller = Caller.ofType(hosting, this);
        Thread.ofVirtual().name(description.name() + " starting").start(() -> {
            try (var _ = caller.take(EntryPoint.TYPE_CONTROL)) {
                hearAll(caller);
            }
        });
    }

    private void hearAll(Caller caller) {
        for (var next = nextUnheard(); next.isPresent(); next = nextUnheard()) {
            var starting = next.get();
            notice(
                    caller,
                    starting.phase() == 1 ? Controls.STARTING_PHASE1 : Controls.STARTING_PHASE2,
                    Map.of(
                            "forms", List.of(Boolean.toString(starting.forms())),
                            "first", List.of(Boolean.toString(starting.first()))));
        }
    }

    private synchronized Optional<ToMonitor.Starting> nextUnheard() {
        return Optional.ofNullable(unheard.poll());
    }

    /// Tells the type that the monitor is about to end, if it was started up; returns when it has heard.
    void hearShutdown(Hosting hosting) {
        var caller = Caller.ofType(hosting, this);
        try (var _ = caller.take(EntryPoint.TYPE_CONTROL)) {
            if (started()) {
                notice(caller, Controls.MONITOR_SHUTTING_DOWN, Map.of());
            }
        }
    }

    private void notice(Caller caller, String code, Map<String, List<String>> input) {
        try {
            caller.inside(
                    EntryPoint.TYPE_CONTROL, () -> type.resourceTypeControl(ControlCall.notice(code, input, caller)));
        } catch (ResourceFailure | RuntimeException | Error e) {
            caller.log(
                    Level.WARNING,
                    "type '%s' did not take the notice '%s': %s. It goes on without."
                            .formatted(description.name(), code, Words.of(e)));
        }
    }

    TypeSpec spec() {
        return new TypeSpec(
                description.name(),
                description.version(),
                description.help(),
                specs(description.properties()),
                description.looksAliveInterval().toMillis(),
                description.isAliveInterval().toMillis(),
                description.pendingTimeout().toMillis(),
                description.deadlockTimeout().toMillis(),
                description.independent(),
                abilities());
    }

    private AbilitySpec abilities() {
        var abilities = description.abilities();
        return new AbilitySpec(
                abilities.resourceClass(),
                abilities.characteristics().stream().map(Enum::name).sorted().toList(),
                abilities.requiredDependencies(),
                abilities.controls().stream().map(HostedType::spec).toList(),
                version,
                found.plugin());
    }

    private static ControlSpec spec(ControlDescription control) {
        return new ControlSpec(
                control.code(),
                control.object() == Target.TYPE,
                control.access() == Access.WRITE,
                specs(control.input()),
                specs(control.output()),
                control.help());
    }

    private static List<PropertySpec> specs(List<PropertyDescription> properties) {
        return properties.stream()
                .map(it -> new PropertySpec(
                        it.name(),
                        it.kind().name(),
                        it.required(),
                        it.defaultValue(),
                        it.choices(),
                        it.minimum(),
                        it.maximum(),
                        it.help(),
                        it.applies().name()))
                .toList();
    }
}
