package dev.mainstay.monitor;

import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A type whose resources ask the cluster where their group is, when they are asked to.
public final class AskingType implements ResourceType {
    @Override
    public TypeDescription describe() {
        return TypeDescription.of("asking", "1", "Asks where its group is.", List.of())
                .with(Abilities.NONE.answering(
                        ControlDescription.ofResource("where-is", Access.READ, "who owns its group")));
    }

    @Override
    public EntryPoints open(ResourceContext context) {
        return new Asking(context);
    }

    private record Asking(ResourceContext context) implements EntryPoints {
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
            if (!request.code().equals("where-is")) {
                return ControlAnswer.notSupported();
            }
            return request.pending(progress -> {
                var owner = context.cluster().group(context.group()).owner();
                progress.extend(Duration.ofMinutes(1));
                return ControlAnswer.done(Map.of(
                        "owner",
                        List.of(owner),
                        "here",
                        List.of(context.cluster().node())));
            });
        }

        @Override
        public void close() {}
    }
}
