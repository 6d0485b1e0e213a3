package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.spi.ClusterView;
import dev.mainstay.spi.ResourceFailure;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/// The questions of resource types about the cluster: refused where they could wait for ever, otherwise asked of
/// the cluster service.
///
/// **Threads:** any.
final class Questions {
    /// How long an answer may take, in milliseconds: it is read from memory, so one that is not there by then does
    /// not come.
    static final long ANSWER_MILLIS = 5_000;

    /// Questions that may be open at one time: more come only from a type that asks in a loop.
    static final int OPEN_MAX = 256;

    /// Entry points that may change what the cluster service is just deciding about.
    private static final Set<EntryPoint> NO_STORE = EnumSet.of(
            EntryPoint.STARTUP,
            EntryPoint.OPEN,
            EntryPoint.CLOSE,
            EntryPoint.ONLINE,
            EntryPoint.OFFLINE,
            EntryPoint.TERMINATE,
            EntryPoint.CANCEL);

    private final Time time;
    private final Voice voice;
    private final Map<Long, CompletableFuture<Map<String, List<String>>>> open = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    // Written when the service says so, read by types at any time.
    private volatile Optional<ToMonitor.Starting> starting = Optional.empty();

    Questions(Time time, Voice voice) {
        this.time = time;
        this.voice = voice;
    }

    /// The cluster as a resource sees it.
    ClusterView ofResource(String resource) {
        return new View("resource '%s'".formatted(resource), resource);
    }

    /// The cluster as a type sees it.
    ClusterView ofType(String type) {
        return new View("type '%s'".formatted(type), "");
    }

    void starting(ToMonitor.Starting phase) {
        starting = Optional.of(phase);
    }

    void answered(ToMonitor.QueryAnswer answer) {
        var question = open.remove(answer.id());
        if (question == null) {
            return;
        }
        if (answer.error().isEmpty()) {
            question.complete(answer.answer());
        } else {
            question.completeExceptionally(new ResourceFailure(answer.error()));
        }
    }

    /// Nobody will answer any more.
    void serviceLost() {
        for (var id : List.copyOf(open.keySet())) {
            fail(id, "the cluster service was lost before it answered. Ask again once it is back.");
        }
    }

    private void fail(long id, String why) {
        var question = open.remove(id);
        if (question != null) {
            question.completeExceptionally(new ResourceFailure(why));
        }
    }

    private final class View implements ClusterView {
        private final String who;
        private final String resource;

        View(String who, String resource) {
            this.who = who;
            this.resource = resource;
        }

        @Override
        public boolean available() {
            return starting.filter(now -> now.phase() == 2).isPresent();
        }

        @Override
        public String node() {
            return started("for the name of this node").node();
        }

        @Override
        public Standing resource(String name) throws ResourceFailure {
            return standing("for resource '%s'".formatted(name), "RESOURCE", name);
        }

        @Override
        public Standing group(String name) throws ResourceFailure {
            return standing("for group '%s'".formatted(name), "GROUP", name);
        }

        private Standing standing(String words, String what, String name) throws ResourceFailure {
            onlyFromAWorker(words);
            var answer = ask(words, what, name, List.of());
            return new Standing(first(answer, "state"), first(answer, "owner"));
        }

        private static String first(Map<String, List<String>> answer, String name) {
            return answer.getOrDefault(name, List.of()).stream().findFirst().orElse("");
        }

        @Override
        public List<String> nodesUp() throws ResourceFailure {
            onlyFromAWorker("for the nodes that are up");
            return ask("for the nodes that are up", "NODES_UP", "", List.of()).getOrDefault("nodes", List.of());
        }

        @Override
        public void store(String property, List<String> value) throws ResourceFailure {
            var words = "to store property '%s'".formatted(property);
            started(words);
            if (resource.isEmpty()) {
                throw new ForbiddenCall("%s asked %s: only a resource has stored properties.".formatted(who, words)
                        + " Ask with the context of a resource.");
            }
            var site = CallSite.current().filter(here -> !here.worker() && NO_STORE.contains(here.call()));
            if (site.isPresent()) {
                throw forbidden(
                        words,
                        site.get(),
                        "a worker (Operation.pending, ControlRequest.pending), a check or a control");
            }
            ask(words, "STORE", property, List.copyOf(value));
        }

        private void onlyFromAWorker(String words) {
            started(words);
            CallSite.current().filter(here -> !here.worker()).ifPresent(here -> {
                throw forbidden(
                        words,
                        here,
                        "a worker (Operation.pending, ControlRequest.pending) or from a thread of the type's own");
            });
        }

        private ForbiddenCall forbidden(String words, CallSite here, String where) {
            return new ForbiddenCall(
                    "%s asked the cluster %s from %s: the cluster service may be waiting for that very call. Ask from %s."
                            .formatted(who, words, here.words(), where));
        }

        private ToMonitor.Starting started(String words) {
            return starting.filter(now -> now.phase() == 2)
                    .orElseThrow(() -> new ForbiddenCall(
                            "%s asked the cluster %s: the cluster service is still starting. Ask after control 'starting-phase2', or when available() says so."
                                    .formatted(who, words)));
        }

        private Map<String, List<String>> ask(String words, String what, String name, List<String> value)
                throws ResourceFailure {
            var asked = "%s asked the cluster %s: ".formatted(who, words);
            if (open.size() >= OPEN_MAX) {
                throw new ResourceFailure(
                        asked + "%d questions wait for their answers already. Ask less often.".formatted(OPEN_MAX));
            }
            long characters =
                    name.length() + value.stream().mapToLong(String::length).sum();
            if (characters > Limits.PROPERTIES) {
                throw new ResourceFailure(asked
                        + "the question has %d characters, at most %d are sent. Ask with less."
                                .formatted(characters, Limits.PROPERTIES));
            }
            long id = lastId.incrementAndGet();
            var question = new CompletableFuture<Map<String, List<String>>>();
            open.put(id, question);
            var limit = time.after(
                    ANSWER_MILLIS,
                    () -> fail(id, "no answer came within %d ms. Ask again later.".formatted(ANSWER_MILLIS)));
            try {
                if (!voice.tell(new ToService.Query(id, resource, what, name, value))) {
                    throw new ResourceFailure(
                            asked + "the cluster service is away or does not read. Ask again once it is back.");
                }
                return question.get();
            } catch (ExecutionException e) {
                throw new ResourceFailure(asked + Words.of(e.getCause() == null ? e : e.getCause()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ResourceFailure(asked + "the wait for the answer was interrupted.", e);
            } finally {
                open.remove(id);
                limit.cancel();
            }
        }
    }
}
