package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.PrivateEngine;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The life of a `container` resource, the same over each engine.
abstract class ContainerLife extends SupervisedResource {
    static final List<String> SLEEP = List.of("sleep", "300");

    abstract PrivateEngine engine();

    @AfterEach
    void removeContainers() {
        engine().removeContainers();
    }

    @Test
    void runsFromOnlineToOfflineAndIsRemoved() throws Exception {
        var desk = desk(Map.of("command", SLEEP, "stopGrace", "1s"));
        var entries = online(desk);

        assertThat(engine().say("ps", "--format", "{{.Names}} {{.Image}}"))
                .isEqualTo("mainstay-r " + PrivateEngine.IMAGE);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        var offline = desk.new Now();
        entries.offline(offline);
        assertThat(offline.failure).isEmpty();
        assertThat(engine().say("ps", "--all", "--quiet")).isEmpty();
        assertThat(desk.raised).isNotDone();
    }

    @Test
    void tellsAtOnceThatItsProcessEndedAndWithWhatCode() throws Exception {
        var desk = desk(Map.of("command", SLEEP));
        var operation = desk.new Now();
        var entries = desk.type().open(desk);
        entries.online(operation);
        var pid = operation.adoption.orElseThrow().processes().getFirst().pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        assertThat(desk.raised.get(10, TimeUnit.SECONDS)).contains("process %d of container mainstay-r".formatted(pid));
        assertThat(evidence(entries.isAlive())).contains("container mainstay-r ended with exit code 137");
        entries.terminate(Reason.FAILURE);
        assertThat(engine().say("ps", "--all", "--quiet")).isEmpty();
    }

    @Test
    void reservesItsName() throws Exception {
        var named = desk(Map.of("command", SLEEP, "name", "web"));
        named.type().open(named);
        var unnamed = desk(Map.of("command", SLEEP));
        unnamed.type().open(unnamed);

        assertThat(named.reserved).containsExactly("container name web");
        assertThat(unnamed.reserved).containsExactly("container name mainstay-r");
    }

    @Test
    void saysWhyItEndedAtOnce() throws Exception {
        var desk = desk(Map.of("command", List.of("sh", "-c", "echo no such disk; exit 3")));
        var operation = desk.new Now();
        desk.type().open(desk).online(operation);

        assertThat(operation.failure.orElseThrow())
                .hasMessageContaining("starting container 'mainstay-r': it ended with exit code 3")
                .hasMessageContaining("no such disk");
    }

    @Test
    void saysWhatTheEngineSaysOfAnImageThatIsNotThere() throws Exception {
        var desk = desk(Map.of("image", "localhost/no-such:1", "pull", "never"));
        var operation = desk.new Now();
        desk.type().open(desk).online(operation);

        assertThat(operation.failure.orElseThrow())
                .hasMessageContaining("starting container 'mainstay-r'")
                .hasMessageContaining("localhost/no-such:1");
    }

    @Test
    void servesOnceItsHealthCommandSucceeds() throws Exception {
        var desk = desk(Map.of(
                "command", List.of("sh", "-c", "until test -e /asked; do sleep 0.1; done; touch /ready; sleep 300"),
                "healthCommand", List.of("sh", "-c", "test -e /ready || { touch /asked; exit 1; }")));
        var entries = online(desk);

        assertThat(desk.checkpoints).anyMatch(step -> step.startsWith("waiting for '"));
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        engine().say("exec", "mainstay-r", "rm", "/ready");
        assertThat(evidence(entries.isAlive())).contains("exit code 1");
    }

    @Test
    void aLaterMonitorAdoptsItByItsId() throws Exception {
        var desk = desk(Map.of("command", SLEEP));
        var operation = desk.new Now();
        desk.type().open(desk).online(operation);
        var record = operation.adoption.orElseThrow();
        var later = desk.after(record, supervisor.of("r", directory));
        var adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
        assertThat(engine().say("inspect", "--format", "{{.State.Pid}}", "mainstay-r"))
                .isEqualTo(Long.toString(record.processes().getFirst().pid()));
        engine().say("kill", "mainstay-r");
        assertThat(later.raised.get(10, TimeUnit.SECONDS)).contains("container mainstay-r");
    }

    @Test
    void whatNobodyCanAdoptIsRemovedAtOpen() throws Exception {
        var desk = desk(Map.of("command", SLEEP));
        online(desk);
        desk.type().open(desk);

        assertThat(engine().say("ps", "--all", "--quiet")).isEmpty();
    }

    @Test
    void aContainerThatSomebodyElseMadeIsLeftAlone() {
        engine().say("run", "--detach", "--name", "mainstay-r", PrivateEngine.IMAGE, "sleep", "300");

        assertRefused(Map.of("command", SLEEP), "this resource did not make it");
        assertThat(engine().say("ps", "--format", "{{.Names}}")).isEqualTo("mainstay-r");
    }

    @Test
    void neverLetsTheEngineRestartIt() throws Exception {
        assertRefused(Map.of("options", List.of("--restart=always")), "the cluster restarts it, not the engine");
        online(desk(Map.of("command", SLEEP, "options", List.of("--env=A=B"))));

        assertThat(engine().say("inspect", "--format", "{{.HostConfig.RestartPolicy.Name}}", "mainstay-r"))
                .isIn("", "no");
    }

    @Test
    void saysThatThereIsNoEngine() {
        assertRefused(Map.of("engine", "/no/such/podman"), "the container engine '/no/such/podman' cannot be run");
        assertRefused(
                Map.of("engine", "auto", "environment", Map.of("PATH", "/no/such/folder")),
                "neither podman nor docker can be run on this node");
        assertRefused(Map.of("environment", Map.of("DOCKER_HOST", "tcp://192.0.2.1:2375")), "would run elsewhere");
    }

    private void assertRefused(Map<String, Object> set, String words) {
        var desk = desk(set);
        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining(words);
    }

    private static String evidence(Health health) {
        assertThat(health).isInstanceOf(Health.Dead.class);
        return ((Health.Dead) health).evidence();
    }

    static EntryPoints online(TestDesk desk) throws Exception {
        var entries = desk.type().open(desk);
        var operation = desk.new Now();
        entries.online(operation);
        assertThat(operation.failure).isEmpty();
        return entries;
    }

    TestDesk desk(Map<String, Object> more) {
        var set = new HashMap<String, Object>(Map.of(
                "image",
                PrivateEngine.IMAGE,
                "engine",
                engine().program(),
                "environment",
                engine().environment(),
                "startTimeout",
                "60s"));
        set.putAll(more);
        return TestDesk.of("container", set, directory, supervisor.of("r", directory));
    }
}
