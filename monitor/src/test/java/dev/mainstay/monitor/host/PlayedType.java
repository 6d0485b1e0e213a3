package dev.mainstay.monitor.host;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// A resource type whose resources do what their property `play` says and write down their calls.
final class PlayedType implements ResourceType {
    /// Whether nothing can be terminated.
    volatile boolean unkillable;

    /// Whether terminate is interrupted and returns all the same.
    volatile boolean interrupted;

    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final Map<String, Health> health = new ConcurrentHashMap<>();
    final Map<String, ResourceContext.FailureSignal> signals = new ConcurrentHashMap<>();
    final CountDownLatch released = new CountDownLatch(1);
    /// What "fills the disk" does before it hands over its adoption record.
    volatile Callable<?> whileOnline = () -> "";

    final Map<String, ResourceContext> contexts = new ConcurrentHashMap<>();

    /// The signal that an open resource was given.
    ResourceContext.FailureSignal signal(String name) {
        var signal = signals.get(name);
        if (signal == null) {
            throw new AssertionError("'%s' took no signal".formatted(name));
        }
        return signal;
    }

    @Override
    public TypeDescription describe() {
        return TypeDescription.of(
                "played",
                "1",
                "Does what a test says.",
                List.of(PropertyDescription.optional("play", PropertyDescription.Kind.TEXT, "what to do")));
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        var name = context.resource();
        var play = context.properties().text("play");
        calls.add("open " + name + (context.recovered().isPresent() ? " recovered" : ""));
        contexts.put(name, context);
        if (play.startsWith("reserves ")) {
            context.reserve(play.substring("reserves ".length()));
        }
        if (play.equals("fails to open") || play.endsWith(" and fails")) {
            throw new ResourceFailure("cannot open");
        }
        if (play.equals("signals")) {
            signals.put(name, context.signalInsteadOfLooksAlive());
        }
        return new Played(name, play);
    }

    private final class Played implements EntryPoints {
        private final String name;
        private final String play;

        Played(String name, String play) {
            this.name = name;
            this.play = play;
        }

        @Override
        public Outcome online(Operation operation) throws ResourceFailure {
            calls.add("online " + name);
            if (play.equals("fills the disk")) {
                try {
                    whileOnline.call();
                } catch (Exception e) {
                    throw new ResourceFailure("the play failed", e);
                }
            }
            var processes = play.equals("without process")
                    ? List.<ProcessIdentity>of()
                    : List.of(new ProcessIdentity(7, 8, "boot"));
            var own = play.equals("without process") || play.equals("with a mount") ? "own" : "";
            operation.adoptable(new AdoptionRecord(processes, "", own));
            return switch (play) {
                case "throws" -> throw new ResourceFailure("port 80 is taken");
                case "pending" ->
                    operation.pending(progress -> {
                        progress.checkpoint("waiting for release");
                        released.await();
                    });
                case "hangs" -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        throw new ResourceFailure("interrupted", e);
                    }
                    yield Outcome.DONE;
                }
                case "lies" -> Outcome.PENDING;
                default -> Outcome.DONE;
            };
        }

        @Override
        public Outcome offline(Operation operation) throws ResourceFailure {
            calls.add("offline " + name + " " + operation.reason());
            if (play.equals("does not stop")) {
                throw new ResourceFailure("it ignores TERM");
            }
            return Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {
            calls.add("terminate " + name);
            if (unkillable) {
                throw new IllegalStateException("process 7 is in state D");
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Health looksAlive() {
            return health.getOrDefault(name, Health.alive());
        }

        @Override
        public Health isAlive() {
            calls.add("isAlive " + name);
            return health.getOrDefault(name, Health.alive());
        }

        @Override
        public void close() {
            calls.add("close " + name);
        }
    }
}
