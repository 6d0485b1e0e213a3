package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a `container` resource over a real podman.
class ContainerTypeIT extends SupervisedResource {
    private static final List<String> SLEEP = List.of("sleep", "300");

    @TempDir
    static Path store;

    private static PrivatePodman podman;

    @BeforeAll
    static void importImage() throws Exception {
        podman = PrivatePodman.withOneImage(store);
    }

    @AfterAll
    static void removeAll() {
        podman.close();
    }

    @AfterEach
    void removeContainers() throws Exception {
        podman.say("rm", "--force", "--all", "--time", "0");
    }

    @Test
    void runsFromOnlineToOfflineAndIsRemoved() throws Exception {
        var desk = desk(Map.of("command", SLEEP, "stopGrace", "1s"));
        var entries = online(desk);

        assertThat(podman.say("ps", "--format", "{{.Names}} {{.Image}}"))
                .isEqualTo("mainstay-r " + PrivatePodman.IMAGE);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        var offline = desk.new Now();
        entries.offline(offline);
        assertThat(offline.failure).isEmpty();
        assertThat(podman.say("ps", "--all", "--quiet")).isEmpty();
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
        assertThat(podman.say("ps", "--all", "--quiet")).isEmpty();
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
        podman.say("exec", "mainstay-r", "rm", "/ready");
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
        assertThat(podman.say("inspect", "--format", "{{.State.Pid}}", "mainstay-r"))
                .isEqualTo(Long.toString(record.processes().getFirst().pid()));
        podman.say("kill", "mainstay-r");
        assertThat(later.raised.get(10, TimeUnit.SECONDS)).contains("container mainstay-r");
    }

    @Test
    void whatNobodyCanAdoptIsRemovedAtOpen() throws Exception {
        var desk = desk(Map.of("command", SLEEP));
        online(desk);
        desk.type().open(desk);

        assertThat(podman.say("ps", "--all", "--quiet")).isEmpty();
    }

    @Test
    void aContainerThatSomebodyElseMadeIsLeftAlone() {
        podman.say("run", "--detach", "--name", "mainstay-r", PrivatePodman.IMAGE, "sleep", "300");

        assertRefused(Map.of("command", SLEEP), "this resource did not make it");
        assertThat(podman.say("ps", "--format", "{{.Names}}")).isEqualTo("mainstay-r");
    }

    @Test
    void neverLetsTheEngineRestartIt() throws Exception {
        assertRefused(Map.of("options", List.of("--restart=always")), "the cluster restarts it, not the engine");
        online(desk(Map.of("command", SLEEP, "options", List.of("--env=A=B"))));

        assertThat(podman.say("inspect", "--format", "{{.HostConfig.RestartPolicy.Name}}", "mainstay-r"))
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

    private static EntryPoints online(TestDesk desk) throws Exception {
        var entries = desk.type().open(desk);
        var operation = desk.new Now();
        entries.online(operation);
        assertThat(operation.failure).isEmpty();
        return entries;
    }

    private TestDesk desk(Map<String, Object> more) {
        var set = new HashMap<String, Object>(Map.of(
                "image",
                PrivatePodman.IMAGE,
                "engine",
                podman.program(),
                "environment",
                podman.environment(),
                "startTimeout",
                "60s"));
        set.putAll(more);
        return TestDesk.of("container", set, directory, supervisor.of("r", directory));
    }
}
