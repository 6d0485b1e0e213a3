package dev.mainstay.testkit;

import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Types that break one rule each, to see that the contract notices.
final class BrokenTypes {
    private BrokenTypes() {}

    /// A sound type around a process; each broken one spoils a part of it.
    abstract static class Sound implements ResourceType {
        final String name =
                getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);

        @Override
        public TypeDescription describe() {
            return TypeDescription.of(
                    name,
                    "1",
                    "Breaks one rule.",
                    List.of(PropertyDescription.optional("fail", PropertyDescription.Kind.FLAG, "Fails.")
                            .withDefault("false")));
        }

        @Override
        public EntryPoints open(ResourceContext context) throws ResourceFailure {
            return new Instance(context);
        }
    }

    static class Instance implements EntryPoints {
        final ResourceContext context;
        Optional<Processes.Running> running = Optional.empty();

        Instance(ResourceContext context) {
            this.context = context;
            running = context.recovered().flatMap(context.processes()::adopt);
        }

        @Override
        public Outcome online(Operation operation) throws ResourceFailure {
            if (context.properties().flag("fail")) {
                throw new ResourceFailure("it was told to fail");
            }
            if (running.isEmpty() || !running.get().alive()) {
                start();
            }
            operation.adoptable(running.orElseThrow().adoption());
            return Outcome.DONE;
        }

        void start() throws ResourceFailure {
            running = Optional.of(context.processes()
                    .start(new Processes.Command(
                            List.of("sleep", "1000"),
                            Map.of(),
                            "",
                            context.directory(),
                            context.directory().resolve("log"))));
        }

        @Override
        public Outcome offline(Operation operation) throws ResourceFailure {
            context.processes().endAll();
            return Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {
            try {
                context.processes().endAll();
            } catch (ResourceFailure e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Health looksAlive() {
            return isAlive();
        }

        @Override
        public Health isAlive() {
            return running.filter(Processes.Running::alive).isPresent() ? Health.alive() : Health.dead("it is gone");
        }

        @Override
        public void close() {}
    }

    /// Sound, but named nowhere.
    public static final class Unregistered extends Sound {}

    /// Describes itself in other words each time.
    public static final class ForgetsItself extends Sound {
        @Override
        public TypeDescription describe() {
            return TypeDescription.of(name, Long.toString(System.nanoTime()), "Changes.", List.of());
        }
    }

    /// Says that it is online and is dead.
    public static final class Dies extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Health isAlive() {
                    return Health.dead("it never lived");
                }
            };
        }
    }

    /// Cannot take a second online.
    public static final class OnceOnly extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Outcome online(Operation operation) throws ResourceFailure {
                    if (running.filter(Processes.Running::alive).isPresent()) {
                        throw new ResourceFailure("it runs already");
                    }
                    return super.online(operation);
                }
            };
        }
    }

    /// Comes online once in its life.
    public static final class OneLife extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                private boolean lived;

                @Override
                public Outcome online(Operation operation) throws ResourceFailure {
                    if (lived) {
                        throw new ResourceFailure("it had its life");
                    }
                    lived = true;
                    return super.online(operation);
                }
            };
        }
    }

    /// Terminates nothing.
    public static final class LeavesItsProcess extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public void terminate(Reason reason) {}
            };
        }
    }

    /// Its file stays when it goes offline.
    public static final class LeavesATrace extends Sound {
        @Override
        public TypeDescription describe() {
            var properties = new ArrayList<>(super.describe().properties());
            properties.add(PropertyDescription.optional("trace", PropertyDescription.Kind.TEXT, "A file."));
            return TypeDescription.of(name, "1", "Breaks one rule.", properties);
        }

        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Outcome online(Operation operation) throws ResourceFailure {
                    try {
                        Files.writeString(Path.of(context.properties().text("trace")), "online");
                    } catch (IOException e) {
                        throw new ResourceFailure("the file cannot be written", e);
                    }
                    return super.online(operation);
                }
            };
        }
    }

    /// Keeps what belongs to one resource in a static field.
    public static final class OnlyOne extends Sound {
        private static Optional<String> owner = Optional.empty();

        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Outcome online(Operation operation) throws ResourceFailure {
                    if (owner.isPresent()) {
                        throw new ResourceFailure("'%s' is online already".formatted(owner.get()));
                    }
                    owner = Optional.of(context.resource());
                    return super.online(operation);
                }

                @Override
                public void terminate(Reason reason) {
                    super.terminate(reason);
                    owner = Optional.empty();
                }
            };
        }
    }

    /// Works in its entry point instead of a worker.
    public static final class Slow extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Outcome online(Operation operation) throws ResourceFailure {
                    pause(500);
                    return super.online(operation);
                }
            };
        }
    }

    /// Works long and names no step.
    public static final class Silent extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Outcome online(Operation operation) {
                    return operation.pending(_ -> {
                        pause(1_500);
                        start();
                    });
                }
            };
        }
    }

    /// Fails and does not say why.
    public static final class FailsWithoutWords extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public Outcome online(Operation operation) throws ResourceFailure {
                    start();
                    throw new ResourceFailure("");
                }
            };
        }
    }

    /// Starts a new process instead of adopting the one that runs.
    public static final class StartsAnew extends Sound {
        @Override
        public EntryPoints open(ResourceContext context) throws ResourceFailure {
            if (context.recovered().isPresent()) {
                context.processes().endAll();
                var fresh = new Instance(context);
                fresh.start();
                return fresh;
            }
            return new Instance(context);
        }
    }

    /// Keeps a thread of each instance.
    public static final class Leaks extends Sound {
        static final List<Thread> KEPT = new ArrayList<>();

        @Override
        public EntryPoints open(ResourceContext context) {
            KEPT.add(Thread.ofPlatform().daemon().start(() -> pause(600_000)));
            return new Instance(context);
        }
    }

    /// Declares a control that it does not answer.
    public static final class NoControls extends Sound {
        @Override
        public TypeDescription describe() {
            return super.describe()
                    .with(Abilities.NONE.answering(
                            ControlDescription.ofResource("tell", ControlDescription.Access.READ, "Tells something.")));
        }

        @Override
        public EntryPoints open(ResourceContext context) {
            return new Instance(context) {
                @Override
                public ControlAnswer resourceControl(ControlRequest request) throws ResourceFailure {
                    if (request.code().equals("tell")) {
                        throw new ResourceFailure("no");
                    }
                    return ControlAnswer.notSupported();
                }
            };
        }
    }

    private static void pause(long millis) {
        try {
            var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
