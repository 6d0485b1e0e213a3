package dev.mainstay.monitor.host;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A host of one [AskedType], whose service a test plays.
final class AskedHost {
    final HandDrivenTime time = new HandDrivenTime();
    final HeardVoice voice = new HeardVoice();
    final Queue<String> deadlocks = new ConcurrentLinkedQueue<>();
    final AskedType type;
    final Host host;
    private long lastId;

    AskedHost(Path directory, AskedType type) throws IOException {
        this.type = type;
        this.host = hostOf(directory, type, time, voice, incident -> deadlocks.add(incident.summary()));
    }

    /// A monitor's host that knows one type and starts no processes.
    static Host hostOf(
            Path directory, ResourceType type, HandDrivenTime time, HeardVoice voice, Consumer<Incident> incidents)
            throws IOException {
        return new Host(new Host.Parts(
                new Host.Place("default", directory, false),
                TypeSource.of(List.of(type)),
                (_, _, _) -> new NoProcesses(() -> {}),
                time,
                voice,
                incidents));
    }

    static ResourceSpec spec(String name, long revision, Map<String, List<String>> properties) {
        return new ResourceSpec(name, "group", "asked", properties, List.of(), 0, 0, 0, 0, revision);
    }

    void open(String name) {
        host.order(new ToMonitor.Open(spec(name, 1, Map.of("later", List.of("a")))));
        voice.heard(name, HeldState.OFFLINE);
    }

    void online(String name) {
        open(name);
        host.order(new ToMonitor.Online(name, 1, 1, "REQUESTED"));
        voice.heard(name, HeldState.ONLINE);
    }

    void close(String name, String reason) {
        host.order(new ToMonitor.Close(name, reason));
        Eventually.until(
                name + " is forgotten",
                () -> host.inventory().held().stream()
                        .noneMatch(held -> held.resource().equals(name)),
                host::inventory);
        voice.forget();
    }

    /// Takes everything offline, so that nothing is written into the folder of a test that is over.
    void stop() throws InterruptedException {
        if (!host.stop(Reason.SHUTDOWN).await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("not at rest: " + host.inventory().held());
        }
    }

    void started(int phase) {
        host.order(new ToMonitor.Starting(phase, true, false, "n1"));
    }

    /// Sends a control that somebody asked for, and answers its id.
    long send(String resource, String code, Map<String, List<String>> input) {
        host.order(new ToMonitor.Control(++lastId, resource, "asked", code, input, 30_000));
        return lastId;
    }

    ControlDone ask(String resource, String code, Map<String, List<String>> input) {
        return answer(send(resource, code, input));
    }

    ControlDone ask(String resource, String code) {
        return ask(resource, code, Map.of());
    }

    ControlDone answer(long id) {
        return voice.told(ControlDone.class, done -> done.id() == id);
    }

    ToService.Query query() {
        return voice.told(ToService.Query.class, _ -> true);
    }

    void awaitCall(String call) {
        Eventually.until(call, () -> type.calls.contains(call), () -> type.calls);
    }
}
