package dev.mainstay.monitor.evidence;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.host.Incident;
import dev.mainstay.monitor.host.Incident.Underway;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What can be found out about an incident, in parts: the most telling one first, since time may run out. What
/// shows that a node is starved comes before what takes long on such a node.
///
/// @param incident what happened
/// @param monitor the monitor's name
/// @param surroundings looks at the processes and the output of a resource
record Findings(Incident incident, String monitor, Surroundings surroundings) {
    private static final int FRAMES_MAX = 200;
    private static final int THREADS_MAX = 500;

    /// The stacks of an exception and its causes, in characters.
    private static final int TRACE_MAX = 100_000;

    private static final List<String> PRESSURES = List.of("cpu", "memory", "io");

    /// One part: its title, and what finds its lines.
    record Part(String title, Finder lines) {
        /// Finds the lines of a part.
        interface Finder {
            List<String> find() throws IOException;
        }
    }

    /// The parts in the order of their worth.
    List<Part> parts() {
        return switch (incident) {
            case Incident.Overdue(var culprit, var lasted, var others) -> {
                var resource = culprit.call().resource();
                yield List.of(
                        new Part("Deadlock", () -> head(culprit, lasted)),
                        new Part(
                                "Where the thread of the call stands",
                                () -> frames(culprit.caller().getStackTrace())),
                        new Part("Pressure of this node, from /proc/pressure", Findings::pressure),
                        new Part("Processes of the resource", () -> processes(resource)),
                        new Part("Threads of the monitor that wait without end", Findings::stuckThreads),
                        new Part("Last output of the resource", () -> output(resource)),
                        new Part("Other calls under way, longest first", () -> calls(others)),
                        new Part("Threads of the monitor", Findings::threads));
            }
            case Incident.Exit(var culprit, var thread, var _, var where) ->
                List.of(
                        new Part("Exit", () -> head(culprit, thread)),
                        new Part("Where the end was asked for", () -> causes(where)),
                        new Part(
                                "Last output of the resource",
                                () -> culprit.isPresent() ? output(culprit.get().resource()) : List.of()),
                        new Part("Threads of the monitor", Findings::threads));
            case Incident.Bug(var resource, var thrown) ->
                List.of(
                        new Part(
                                "Bug",
                                () -> List.of(incident.summary(), "monitor   " + self(), "resource  " + resource)),
                        new Part("What was thrown", () -> causes(thrown)),
                        new Part("Pressure of this node, from /proc/pressure", Findings::pressure),
                        new Part("Threads of the monitor", Findings::threads));
        };
    }

    private String self() {
        return "%s, pid %d".formatted(monitor, ProcessHandle.current().pid());
    }

    private List<String> head(Underway culprit, long lastedMillis) {
        var call = culprit.call();
        return List.of(
                incident.summary(),
                "monitor   " + self(),
                "resource  " + call.resource(),
                "type      " + call.type(),
                "call      " + call.name(),
                "since     %s, %d ms ago".formatted(instant(culprit.sinceMicros()), lastedMillis),
                "limit     %d ms".formatted(call.limitMillis()));
    }

    /// The cluster service reads the lines of a call too, when the last words of this monitor are lost.
    private List<String> head(Optional<Incident.Call> culprit, String thread) {
        var lines = new ArrayList<>(List.of(incident.summary(), "monitor   " + self(), "thread    " + thread));
        culprit.ifPresent(call -> lines.addAll(List.of(
                "resource  " + call.resource(),
                "type      " + call.type(),
                "call      " + call.name(),
                "since     " + Instant.EPOCH,
                "limit     %d ms".formatted(call.limitMillis()))));
        return lines;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
    }

    private static List<String> frames(StackTraceElement[] stack) {
        return stack.length == 0
                ? List.of("it has no Java stack: it has ended, or could not be stopped for a look")
                : Texts.frames(stack, FRAMES_MAX).stream()
                        .map(frame -> "    at " + frame)
                        .toList();
    }

    private static List<String> causes(Throwable thrown) {
        return Texts.trace(thrown, TRACE_MAX).lines().toList();
    }

    private List<String> processes(String resource) {
        return resource.isEmpty()
                ? List.of("the call is of a type, not of a resource")
                : surroundings.processes(resource);
    }

    private List<String> output(String resource) throws IOException {
        return resource.isEmpty() ? List.of() : surroundings.output(resource);
    }

    /// A call into native code that waits for a device shows here, with the place in the kernel.
    private static List<String> stuckThreads() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(task -> Long.parseLong(String.valueOf(task.getFileName())))
                    .filter(id -> ProcessTable.read(id)
                            .filter(it -> it.state() == 'D')
                            .isPresent())
                    .map(id -> "thread %d (%s) in state D, waits in %s"
                            .formatted(id, ProcessTable.name(id), ProcessTable.waitsIn(id)))
                    .toList();
        }
    }

    private static List<String> pressure() {
        return PRESSURES.stream()
                .flatMap(kind -> {
                    try {
                        return Files.readAllLines(Path.of("/proc/pressure", kind)).stream()
                                .map(line -> kind + " " + line);
                    } catch (IOException e) {
                        return Stream.of(kind + ": this kernel does not tell");
                    }
                })
                .toList();
    }

    private static List<String> calls(List<Underway> others) {
        return others.stream()
                .flatMap(one -> Stream.concat(
                        Stream.of("%s since %s".formatted(one.call().words(), instant(one.sinceMicros()))),
                        frames(one.caller().getStackTrace()).stream()))
                .toList();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Thread::getName)))
                .limit(THREADS_MAX)
                .flatMap(entry -> Stream.concat(
                        Stream.of("\"%s\" %s"
                                .formatted(
                                        Texts.cut(entry.getKey().getName(), Limits.LINE),
                                        entry.getKey().getState())),
                        frames(entry.getValue()).stream()))
                .collect(Collectors.toList());
    }
}
