package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Newer settings of a resource that is online.
class SettingsAtOnceTest {
    private static final String ASKED = "web set-private-properties {atOnce=[b], later=[a], level=[5]}";

    @TempDir
    Path directory;

    private final AskedType type = new AskedType();
    private AskedHost rig;

    @AfterEach
    void stop() throws InterruptedException {
        rig.stop();
    }

    @BeforeEach
    void start() throws Exception {
        rig = new AskedHost(directory, type);
        rig.online("web");
        type.answers.put("set-private-properties", _ -> ControlAnswer.done());
    }

    private void prefer(long revision, Map<String, List<String>> properties) {
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", revision, properties)));
    }

    private HeldResource revision(long revision) {
        return rig.voice.heard(held -> held.specRevision() == revision, "revision " + revision);
    }

    @Test
    void takeEffectAtOnceWhenTheTypeTakesThem() {
        assertThat(type.context("web").properties().text("atOnce")).isEmpty();
        long before = rig.voice.heard("web", HeldState.ONLINE).sequence();
        prefer(2, Map.of("later", List.of("a"), "atOnce", List.of("b")));
        var held = revision(2);

        assertThat(held.state()).isEqualTo(HeldState.ONLINE);
        assertThat(held.sequence()).isGreaterThan(before);
        assertThat(type.calls).contains(ASKED);
        assertThat(type.context("web").properties().text("atOnce")).isEqualTo("b");
        assertThat(type.context("web").properties().isSet("atOnce")).isTrue();

        rig.voice.forget();
        rig.host.order(new ToMonitor.Offline("web", 1, "REQUESTED"));
        rig.voice.heard("web", HeldState.OFFLINE);
        assertThat(type.calls).as("nothing is opened again").containsOnlyOnce("open web");
    }

    @Test
    void waitForTheNextOpenWhenTheTypeDoesNotTakeThem() {
        type.answers.clear();
        prefer(2, Map.of("later", List.of("a"), "atOnce", List.of("b")));
        rig.voice.said("newer settings are not taken over at once: the type does not take set-private-properties");
        assertThat(type.context("web").properties().text("atOnce")).isEmpty();

        rig.host.order(new ToMonitor.Offline("web", 1, "REQUESTED"));
        assertThat(revision(2).state()).isEqualTo(HeldState.OFFLINE);
        assertThat(type.calls).endsWith("offline web", "close web", "startup", "open web");
    }

    @Test
    void waitForTheNextOpenWhenTheTypeFailsToTakeThem() {
        type.answers.put("set-private-properties", _ -> {
            throw new ResourceFailure("b is too much.");
        });
        prefer(2, Map.of("later", List.of("a"), "atOnce", List.of("b")));

        rig.voice.said("not taken over at once: b is too much. They take effect at the next open.");
        assertThat(rig.voice.heard("web", HeldState.ONLINE).specRevision()).isEqualTo(1);
    }

    @Test
    void waitForTheNextOpenWhenOneOfThemCannotChangeAtOnce() {
        prefer(2, Map.of("later", List.of("z"), "atOnce", List.of("b")));

        rig.voice.said("not taken over at once: later cannot change while it is online.");
        assertThat(type.calls).noneMatch(call -> call.contains("set-private-properties"));
        assertThat(rig.host.inventory().held().getFirst().specRevision()).isEqualTo(1);
    }

    @Test
    void waitForTheNextOpenWhenTheyAreWrong() {
        prefer(2, Map.of("later", List.of("a"), "level", List.of("10")));

        rig.voice.said("not taken over at once: property 'level' of type 'asked': 10 is not between 1 and 9.");
    }

    @Test
    void takeEffectAtOnceWithoutTheTypeWhenOnlyCommonOnesChanged() {
        rig.host.order(new ToMonitor.Open(new ResourceSpec(
                "web", "group", "asked", Map.of("later", List.of("a")), List.of(), 100, 0, 0, 2_000, 2)));
        revision(2);

        assertThat(type.calls).noneMatch(call -> call.contains("set-private-properties"));
        assertThat(rig.ask("web", "get-common-properties").output())
                .containsEntry("looksAliveInterval", List.of("100ms"))
                .containsEntry("deadlockTimeout", List.of("2s"));
    }

    @Test
    void areTakenOverOnceMoreWithTheNextRevision() {
        type.answers.clear();
        prefer(2, Map.of("later", List.of("a"), "atOnce", List.of("x")));
        rig.voice.said("newer settings are not taken over at once");
        type.answers.put("set-private-properties", _ -> ControlAnswer.done());
        prefer(3, Map.of("later", List.of("a"), "atOnce", List.of("b")));

        assertThat(revision(3).state()).isEqualTo(HeldState.ONLINE);
        assertThat(type.calls).contains(ASKED);
    }

    @Test
    void mayBeTakenOverByAWorker() {
        type.answers.put("set-private-properties", request -> request.pending(_ -> ControlAnswer.done()));
        prefer(2, Map.of("later", List.of("a"), "atOnce", List.of("b")));

        assertThat(revision(2).state()).isEqualTo(HeldState.ONLINE);
    }
}
