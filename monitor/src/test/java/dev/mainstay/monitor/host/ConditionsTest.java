package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.ResourceContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a type tells of its resource at any time, as the service hears it.
class ConditionsTest {
    @TempDir
    Path directory;

    private final HandDrivenTime time = new HandDrivenTime();
    private final HeardVoice voice = new HeardVoice();
    private final PlayedType type = new PlayedType();
    private Host host;

    @BeforeEach
    void bringOnline() throws IOException {
        host = AskedHost.hostOf(directory, type, time, voice, incident -> type.calls.add(incident.summary()));
        host.order(new ToMonitor.Open(spec(1, false)));
        voice.heard("web", HeldState.OFFLINE);
        host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        voice.heard("web", HeldState.ONLINE);
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private static ResourceSpec spec(long revision, boolean maintenance) {
        return new ResourceSpec(
                "web",
                "group",
                "played",
                Map.of("play", List.of("signals")),
                List.of(),
                0,
                0,
                0,
                0,
                revision,
                maintenance);
    }

    private ResourceContext context() {
        return Optional.ofNullable(type.contexts.get("web")).orElseThrow();
    }

    private HeldResource held() {
        return host.inventory().held().getFirst();
    }

    @Test
    void tellsThatItIsLockedAndWhy() {
        context().lock("a backup runs");
        voice.heard(held -> held.conditions().locked().equals("a backup runs"), "locked");
        context().unlock();

        voice.heard(held -> held.sequence() > 0 && held.conditions().locked().isEmpty(), "unlocked");
    }

    @Test
    void tellsPublishedValuesAtALimitedRate() {
        for (int i = 0; i < 10_000; i++) {
            context().publish("load", Integer.toString(i));
        }
        Eventually.until(
                "the last value is known",
                () -> held().conditions().published().equals(Map.of("load", "9999")),
                this::held);
        voice.forget();
        time.pass(200);

        voice.heard(held -> held.conditions().published().equals(Map.of("load", "9999")), "published");
        assertThat(voice.states("web")).hasSize(1);
    }

    @Test
    void takesBackAPublishedValue() {
        context().publish("load", "3");
        context().publish("load", "");
        context().lock("done");

        assertThat(voice.heard(held -> held.conditions().locked().equals("done"), "locked")
                        .conditions()
                        .published())
                .isEmpty();
    }

    @Test
    void refusesMoreThanTheContractAllows() {
        var context = context();
        for (int i = 0; i < 32; i++) {
            context.publish("name " + i, "value");
        }
        context.publish("name 31", "another value");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> context.publish("one more", "value"))
                .withMessageContaining("publishes 32 values already");
        assertThatIllegalArgumentException().isThrownBy(() -> context.publish("n".repeat(65), "value"));
        assertThatIllegalArgumentException().isThrownBy(() -> context.publish("name", "v".repeat(1_025)));
        assertThatIllegalArgumentException().isThrownBy(() -> context.publish(" ", "value"));
    }

    @Test
    void staysOnlineAfterAnEmbeddedFailureAndTellsIt() {
        context().signalFailure(FailureKind.EMBEDDED, "the guest hangs");

        var held = voice.heard(it -> !it.conditions().embeddedFailure().isEmpty(), "embedded failure");
        assertThat(held.state()).isEqualTo(HeldState.ONLINE);
        assertThat(held.conditions().embeddedFailure()).isEqualTo("the guest hangs");
        assertThat(type.calls).doesNotContain("terminate web");
    }

    @Test
    void confirmsAGeneralFailureByIsAlive() {
        type.health.put("web", Health.dead("it is gone"));
        context().signalFailure(FailureKind.GENERAL, "no answer");

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("no answer", "it is gone");
    }

    /// A type that raises its signal in a loop must not fill anything.
    @Test
    void keepsTheFirstOfManySigns() {
        type.health.put("web", Health.dead("it is gone"));
        for (int i = 0; i < 100_000; i++) {
            type.signal("web").raise("sign " + i);
        }

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("sign 0;");
        assertThat(voice.line("too many events")).isEmpty();
    }

    @Test
    void notesFailuresInMaintenanceAndTreatsThemAfterIt() {
        host.order(new ToMonitor.Open(spec(2, true)));
        type.health.put("web", Health.dead("it is gone"));
        type.signal("web").raise("ended by signal 9");
        voice.heard(held -> held.conditions().ignoredFailure().contains("it is gone"), "ignored failure");
        assertThat(held().state()).isEqualTo(HeldState.ONLINE);
        host.order(new ToMonitor.Open(spec(3, false)));

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("it is gone");
    }
}
