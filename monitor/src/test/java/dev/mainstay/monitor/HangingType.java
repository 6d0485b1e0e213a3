package dev.mainstay.monitor;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// A resource type one of whose calls never returns.
public final class HangingType implements ResourceType {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    @Override
    public TypeDescription describe() {
        return TypeDescription.of(
                "hanging",
                "1",
                "Hangs where a test says.",
                List.of(
                        PropertyDescription.optional("in", PropertyDescription.Kind.TEXT, "the call that hangs"),
                        PropertyDescription.optional("with", PropertyDescription.Kind.TEXT, "a script to wait for")
                                .withDefault("")));
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        var opened = new Hanging(context);
        opened.play("open");
        return opened;
    }

    private record Hanging(ResourceContext context) implements EntryPoints {
        void play(String call) {
            if (!context.properties().text("in").equals(call)) {
                return;
            }
            var script = context.properties().text("with");
            try {
                if (!script.isEmpty()) {
                    context.processes().run(command(script), FOR_EVER);
                }
            } catch (ResourceFailure | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            while (true) {
                LockSupport.parkNanos(FOR_EVER.toNanos());
            }
        }

        private Processes.Command command(String script) {
            return new Processes.Command(
                    List.of("sh", "-c", script),
                    Map.of(),
                    "",
                    context.directory(),
                    context.directory().resolve("out.log"));
        }

        @Override
        public Outcome online(Operation operation) {
            play("online");
            if (context.properties().text("in").equals("worker")) {
                return operation.pending(_ -> play("worker"));
            }
            return Outcome.DONE;
        }

        @Override
        public Outcome offline(Operation operation) {
            play("offline");
            return Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {
            play("terminate");
        }

        @Override
        public Health looksAlive() {
            play("looksAlive");
            return Health.alive();
        }

        @Override
        public Health isAlive() {
            play("isAlive");
            return Health.alive();
        }

        @Override
        public void close() {
            play("close");
        }
    }
}
