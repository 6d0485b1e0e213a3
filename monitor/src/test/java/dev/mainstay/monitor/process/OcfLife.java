package dev.mainstay.monitor.process;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What `ocf-tester` asks of an agent, asked of a resource of type `ocf`; run in a namespace of its own.
final class OcfLife implements AutoCloseable {
    private final Path work;
    private final Map<String, String> parameters;
    private final String agent;
    private final ProcessSupervisor supervisor;

    private OcfLife(Path work, String agent, Map<String, String> parameters) {
        this.work = work;
        this.agent = agent;
        this.parameters = parameters;
        this.supervisor = new ProcessSupervisor("life/" + work.getFileName());
    }

    /// @param line the folder to work in, with the agent's `parameters` as lines of name=value; the agent
    @SuppressWarnings("SystemOut") // the test that started this reads it
    public static void main(String... line) throws Exception {
        var parameters = new HashMap<String, String>();
        for (var parameter : Files.readAllLines(Path.of(line[0], "parameters"))) {
            var parts = parameter.split("=", 2);
            parameters.put(parts[0], parts[1]);
        }
        try (var life = new OcfLife(Path.of(line[0]), line[1], parameters)) {
            life.refusesWhatTheAgentDoesNotTake();
            life.toleratesMissingPrograms();
            life.live();
            System.out.println("passed");
        }
    }

    @Override
    public void close() {
        supervisor.close();
    }

    private void live() throws Exception {
        var desk = desk(parameters, Map.of());
        var entries = desk.type().open(desk);
        expect(entries, false, "before it was brought online");
        online(desk, entries);
        online(desk, entries);
        offline(desk, entries);
        offline(desk, entries);
        online(desk, entries);
        entries.terminate(Reason.FAILURE);
        expect(entries, false, "after terminate");
        entries.terminate(Reason.FAILURE);
        entries.close();
    }

    private void refusesWhatTheAgentDoesNotTake() throws Exception {
        var odd = new HashMap<>(parameters);
        odd.put("no_such_parameter", "1");
        var desk = desk(odd, Map.of());
        try {
            desk.type().open(desk);
        } catch (ResourceFailure refused) {
            if (String.valueOf(refused.getMessage()).contains("it takes no parameter 'no_such_parameter'")) {
                return;
            }
            throw refused;
        }
        throw new AssertionError("a parameter that does not exist is taken");
    }

    /// With functions that find no program at all, as `ocf-tester` simulates it.
    private void toleratesMissingPrograms() throws Exception {
        var root = Files.createDirectory(work.resolve("root"));
        Files.createSymbolicLink(root.resolve("resource.d"), Path.of("/usr/lib/ocf/resource.d"));
        var functions = Files.createDirectories(root.resolve("lib/heartbeat"));
        try (var files = Files.list(Path.of("/usr/lib/ocf/lib/heartbeat"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, functions.resolve(file.getFileName().toString()));
            }
        }
        var binaries = functions.resolve("ocf-binaries");
        Files.writeString(binaries, "export OCF_TESTER_FAIL_HAVE_BINARY=1\n" + Files.readString(binaries));
        var desk = desk(parameters, Map.of("root", root.toString()));
        expect(desk.type().open(desk), false, "though all its programs are missing");
    }

    private static void online(TestDesk desk, EntryPoints entries) throws Exception {
        var online = desk.new Now();
        entries.online(online);
        throwing(online);
        expect(entries, true, "after online");
    }

    private static void offline(TestDesk desk, EntryPoints entries) throws Exception {
        var offline = desk.new Now();
        entries.offline(offline);
        throwing(offline);
        expect(entries, false, "after offline");
    }

    private static void throwing(TestDesk.Now operation) throws ResourceFailure {
        if (operation.failure.isPresent()) {
            throw operation.failure.get();
        }
    }

    private static void expect(EntryPoints entries, boolean alive, String when) {
        for (var health : new Health[] {entries.looksAlive(), entries.isAlive()}) {
            if (alive != health instanceof Health.Alive) {
                throw new AssertionError("%s: %s".formatted(when, health));
            }
        }
    }

    private TestDesk desk(Map<String, String> set, Map<String, Object> more) throws Exception {
        var properties = new HashMap<String, Object>(Map.of("agent", agent, "parameters", set));
        properties.putAll(more);
        var directory = Files.createDirectories(work.resolve("resources/r"));
        return TestDesk.of("ocf", properties, directory, supervisor.of("r", directory));
    }
}
