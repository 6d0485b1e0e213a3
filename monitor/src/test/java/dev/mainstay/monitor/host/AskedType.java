package dev.mainstay.monitor.host;

import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Applies;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.QuorumCapable;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeContext;
import dev.mainstay.spi.TypeDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// A resource type that writes down what it is asked, and answers as a test says.
final class AskedType implements ResourceType {
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    /// What it answers to a control of a resource or of the type, by code.
    final Map<String, Answer> answers = new ConcurrentHashMap<>();
    /// What it does in an entry point, by its name, besides writing it down.
    final Map<String, Deed> deeds = new ConcurrentHashMap<>();
    /// What was given to each open resource.
    final Map<String, ResourceContext> contexts = new ConcurrentHashMap<>();
    /// The work of each online operation, if it shall be pending.
    volatile Optional<Operation.Work> onlineWork = Optional.empty();

    volatile int version = 1;
    volatile Optional<TypeContext> started = Optional.empty();
    volatile Optional<Consumer<String>> defended = Optional.empty();
    private final Abilities abilities;
    private final boolean quorumCapable;

    AskedType(Abilities abilities, boolean quorumCapable) {
        this.abilities = abilities;
        this.quorumCapable = quorumCapable;
    }

    AskedType() {
        this(Abilities.NONE, false);
    }

    /// What an open resource was given.
    ResourceContext context(String name) {
        var context = contexts.get(name);
        if (context == null) {
            throw new AssertionError("'%s' was not opened".formatted(name));
        }
        return context;
    }

    interface Answer {
        ControlAnswer to(ControlRequest request) throws ResourceFailure;
    }

    interface Deed {
        void run() throws Exception;
    }

    @Override
    public TypeDescription describe() {
        return TypeDescription.of(
                        "asked",
                        "1.2",
                        "Answers as a test says.",
                        List.of(
                                PropertyDescription.optional("atOnce", Kind.TEXT, "at once")
                                        .applying(Applies.AT_ONCE),
                                PropertyDescription.optional("level", Kind.INTEGER, "at once, too")
                                        .within(1, 9)
                                        .withDefault("5")
                                        .applying(Applies.AT_ONCE),
                                PropertyDescription.optional("later", Kind.TEXT, "at the next online")))
                .with(abilities);
    }

    @Override
    public int startup(TypeContext context) throws ResourceFailure {
        calls.add("startup");
        started = Optional.of(context);
        perform("startup");
        return version;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        calls.add("open " + context.resource());
        contexts.put(context.resource(), context);
        perform("open");
        var asked = new Asked(context.resource());
        return quorumCapable ? new Contending(asked) : asked;
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) throws ResourceFailure {
        return answer("", request);
    }

    private ControlAnswer answer(String who, ControlRequest request) throws ResourceFailure {
        calls.add((who + " " + request.code() + " " + sorted(request.input())).strip());
        return answers.getOrDefault(request.code(), _ -> ControlAnswer.notSupported())
                .to(request);
    }

    private static Map<String, List<String>> sorted(Map<String, List<String>> input) {
        return new java.util.TreeMap<>(input);
    }

    private void perform(String entry) throws ResourceFailure {
        try {
            deeds.getOrDefault(entry, () -> {}).run();
        } catch (ResourceFailure | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ResourceFailure("the deed failed", e);
        }
    }

    private class Asked implements EntryPoints {
        private final String name;

        Asked(String name) {
            this.name = name;
        }

        @Override
        public Outcome online(Operation operation) throws ResourceFailure {
            calls.add("online " + name);
            operation.adoptable(new AdoptionRecord(List.of(new ProcessIdentity(7, 8, "boot")), "/group", "own"));
            perform("online");
            return onlineWork.map(operation::pending).orElse(Outcome.DONE);
        }

        @Override
        public Outcome offline(Operation operation) throws ResourceFailure {
            calls.add("offline " + name);
            perform("offline");
            return Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {
            calls.add("terminate " + name);
        }

        @Override
        public Health looksAlive() {
            return Health.alive();
        }

        @Override
        public Health isAlive() {
            calls.add("isAlive " + name);
            try {
                perform("isAlive");
            } catch (ResourceFailure e) {
                return Health.dead(String.valueOf(e.getMessage()));
            }
            return Health.alive();
        }

        @Override
        public ControlAnswer resourceControl(ControlRequest request) throws ResourceFailure {
            return answer(name, request);
        }

        @Override
        public void cancel() {
            calls.add("cancel " + name);
        }

        @Override
        public void close() {
            calls.add("close " + name);
        }
    }

    private final class Contending extends Asked implements QuorumCapable {
        Contending(Asked asked) {
            super(asked.name);
        }

        @Override
        public void arbitrate(Consumer<String> lost) throws ResourceFailure {
            calls.add("arbitrate");
            perform("arbitrate");
            defended = Optional.of(lost);
        }

        @Override
        public void release() {
            calls.add("release");
        }
    }
}
