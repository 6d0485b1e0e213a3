package dev.mainstay.bench;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.List;

/// A resource type whose calls do nothing: what a benchmark measures with it is the monitor alone.
public final class NoOpType implements ResourceType {
    /// Its name.
    static final String NAME = "no-op";

    @Override
    public TypeDescription describe() {
        return TypeDescription.of(NAME, "1", "Does nothing.", List.of());
    }

    @Override
    public EntryPoints open(ResourceContext context) {
        return new NoOp();
    }

    private record NoOp() implements EntryPoints {
        @Override
        public Outcome online(Operation operation) {
            return Outcome.DONE;
        }

        @Override
        public Outcome offline(Operation operation) {
            return Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {}

        @Override
        public Health looksAlive() {
            return Health.alive();
        }

        @Override
        public Health isAlive() {
            return Health.alive();
        }

        @Override
        public ControlAnswer resourceControl(ControlRequest request) {
            return ControlAnswer.done();
        }

        @Override
        public void close() {}
    }
}
