package dev.mainstay.testkit;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeContext;
import dev.mainstay.spi.TypeDescription;
import java.util.Optional;

/// The type under test with each of online, offline and terminate called twice: a monitor may repeat them,
/// after an adoption for example, and the second time must change nothing.
///
/// Found by the monitor because the contract puts it on its class path.
public final class Twice implements ResourceType {
    /// System property of the monitor with the class of the type under test.
    static final String CLASS = "mainstay.testkit.twice";

    /// The name of this type.
    static final String NAME = "testkit-twice";

    private final ResourceType type;

    /// For the service loader.
    public Twice() throws ReflectiveOperationException {
        type = Class.forName(System.getProperty(CLASS, "none"))
                .asSubclass(ResourceType.class)
                .getConstructor()
                .newInstance();
    }

    @Override
    public TypeDescription describe() {
        var own = type.describe();
        return new TypeDescription(
                NAME,
                own.version(),
                own.help(),
                own.properties(),
                own.looksAliveInterval(),
                own.isAliveInterval(),
                own.pendingTimeout(),
                own.deadlockTimeout(),
                own.independent(),
                own.abilities());
    }

    @Override
    public int startup(TypeContext context) throws ResourceFailure {
        return type.startup(context);
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return new Instance(type.open(context));
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) throws ResourceFailure {
        return type.resourceTypeControl(request);
    }

    private record Instance(EntryPoints own) implements EntryPoints {
        private interface Call {
            Outcome of(Operation operation) throws ResourceFailure;
        }

        @Override
        public Outcome online(Operation operation) {
            return operation.pending(progress -> twice(own::online, operation, progress));
        }

        @Override
        public Outcome offline(Operation operation) {
            return operation.pending(progress -> twice(own::offline, operation, progress));
        }

        private static void twice(Call call, Operation operation, Progress progress)
                throws ResourceFailure, InterruptedException {
            for (int i = 1; i <= 2; i++) {
                progress.checkpoint("call %d".formatted(i));
                var inner = new Inner(operation);
                if (call.of(inner) == Outcome.PENDING) {
                    inner.run(progress);
                }
            }
        }

        @Override
        public void terminate(Reason reason) throws ResourceFailure {
            own.terminate(reason);
            own.terminate(reason);
        }

        @Override
        public Health looksAlive() {
            return own.looksAlive();
        }

        @Override
        public Health isAlive() {
            return own.isAlive();
        }

        @Override
        public ControlAnswer resourceControl(ControlRequest request) throws ResourceFailure {
            return own.resourceControl(request);
        }

        @Override
        public void cancel() {
            own.cancel();
        }

        @Override
        public void close() {
            own.close();
        }
    }

    /// An operation whose work is run at once by its caller, which is a worker already.
    private static final class Inner implements Operation {
        private final Operation outer;
        private Optional<Work> work = Optional.empty();

        Inner(Operation outer) {
            this.outer = outer;
        }

        void run(Progress progress) throws ResourceFailure, InterruptedException {
            var handed = work.orElseThrow(() -> new ResourceFailure("it returned PENDING without handing over work"));
            handed.run(progress);
        }

        @Override
        public Reason reason() {
            return outer.reason();
        }

        @Override
        public long epoch() {
            return outer.epoch();
        }

        @Override
        public Outcome pending(Work longWork) {
            work = Optional.of(longWork);
            return Outcome.PENDING;
        }

        @Override
        public void adoptable(AdoptionRecord adoption) {
            outer.adoptable(adoption);
        }
    }
}
