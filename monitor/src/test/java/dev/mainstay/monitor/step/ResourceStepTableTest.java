package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.step.Phase.End;
import dev.mainstay.monitor.step.Phase.Goal;
import dev.mainstay.monitor.step.Phase.Leftover;
import dev.mainstay.monitor.step.Phase.Rest;
import dev.mainstay.monitor.step.Phase.Wish;
import dev.mainstay.protocol.HeldResource.Conditions;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Every phase with every event: the table in the documentation is what the step function does.
class ResourceStepTableTest {
    private static final Path TABLE = Path.of("../docs/resource-states.md");
    private static final StepSettings SETTINGS = new StepSettings(180_000, 5_000, 60_000, 100, 200);
    private static final Goal FAILING = new Goal(End.FAILED, Reason.FAILURE, "dead", 500);
    private static final Goal STOPPING = new Goal(End.OFFLINE, Reason.REQUESTED, "", 500);
    private static final Wish NOTHING = new Wish.Nothing();

    private static final Map<String, Phase> PHASES = phases();
    private static final Map<String, ResourceEvent> EVENTS = events();

    private static Map<String, Phase> phases() {
        Map<String, Phase> all = new LinkedHashMap<>();
        all.put("opening", new Phase.Opening(Rest.NEW, Leftover.NOTHING, NOTHING));
        all.put("opening, was running", new Phase.Opening(Rest.NEW, Leftover.RUNNING, NOTHING));
        all.put("opening, was online before a reboot", new Phase.Opening(Rest.NEW, Leftover.REBOOTED, NOTHING));
        all.put("opening, was starting", new Phase.Opening(Rest.NEW, Leftover.STARTING, NOTHING));
        all.put("opening, was stopping", new Phase.Opening(Rest.NEW, Leftover.STOPPING, NOTHING));
        all.put("opening, condemned", new Phase.Opening(Rest.NEW, Leftover.CONDEMNED, NOTHING));
        all.put(
                "opening, to come online",
                new Phase.Opening(Rest.OFFLINE, Leftover.NOTHING, new Wish.BeOnline(3, 2, Reason.RESTART)));
        all.put("confirming", new Phase.Confirming());
        all.put("offline", new Phase.Offline());
        all.put("online call", new Phase.OnlineCall());
        all.put("online pending", new Phase.OnlinePending());
        all.put("online", new Phase.Online());
        all.put("looks alive", new Phase.Checking(false, false, NOTHING));
        all.put("is alive", new Phase.Checking(true, false, NOTHING));
        all.put("is alive, to go offline", new Phase.Checking(true, false, new Wish.BeOffline(Reason.REQUESTED)));
        all.put("offline call", new Phase.OfflineCall());
        all.put("offline pending", new Phase.OfflinePending());
        all.put("draining", new Phase.Draining(STOPPING));
        all.put("terminating", new Phase.Terminating(FAILING, false, true, false));
        all.put("terminating beside a call", new Phase.Terminating(STOPPING, true, true, false));
        all.put("terminated beside a call", new Phase.Terminating(STOPPING, true, false, false));
        all.put("terminating, then again", new Phase.Terminating(STOPPING, false, true, true));
        all.put("failed", new Phase.Failed(true));
        all.put("failed to open", new Phase.Failed(false));
        all.put("closing", new Phase.Closing(false, Rest.OFFLINE, NOTHING));
        all.put("closing to reopen", new Phase.Closing(true, Rest.FAILED, NOTHING));
        all.put("closed", new Phase.Closed());
        return all;
    }

    private static Map<String, ResourceEvent> events() {
        var all = List.<ResourceEvent>of(
                new ResourceEvent.OnlineOrdered(3, 2, Reason.RESTART),
                new ResourceEvent.OfflineOrdered(3, Reason.REQUESTED),
                new ResourceEvent.StopOrdered(Reason.SERVICE_LOST),
                new ResourceEvent.FailOrdered("asked to"),
                new ResourceEvent.CloseOrdered(Reason.DELETED),
                new ResourceEvent.SettingsChanged(),
                new ResourceEvent.SettingsAnswered(""),
                new ResourceEvent.Opened(),
                new ResourceEvent.OpenThrew("error"),
                new ResourceEvent.StillThere("error"),
                new ResourceEvent.OnlineThrew("error"),
                new ResourceEvent.OfflineThrew("error"),
                new ResourceEvent.WorkEnded(),
                new ResourceEvent.WorkFailed("error"),
                new ResourceEvent.CheckpointChanged("step 2"),
                new ResourceEvent.TerminateReturned(),
                new ResourceEvent.CloseReturned(),
                new ResourceEvent.Suspected("gone"),
                new ResourceEvent.ConditionSignalled(FailureKind.EMBEDDED, "guest hangs"),
                new ResourceEvent.Described("backup", Map.of()),
                new ResourceEvent.MaintenanceChanged(true),
                new ResourceEvent.LooksAliveDue(),
                new ResourceEvent.IsAliveDue(),
                new ResourceEvent.RecheckDue(),
                new ResourceEvent.PendingTimedOut(),
                new ResourceEvent.CancelTimedOut());
        Map<String, ResourceEvent> named = new LinkedHashMap<>();
        all.forEach(event -> named.put(event.getClass().getSimpleName(), event));
        named.put(
                "ConditionSignalled, foreign start",
                new ResourceEvent.ConditionSignalled(FailureKind.FOREIGN_START, "it runs"));
        named.put("SettingsAnswered, refused", new ResourceEvent.SettingsAnswered("it cannot"));
        named.put("OnlineOrdered, old epoch", new ResourceEvent.OnlineOrdered(1, 9, Reason.RESTART));
        named.put("OnlineOrdered, failed attempt", new ResourceEvent.OnlineOrdered(2, 1, Reason.RESTART));
        for (var outcome : Outcome.values()) {
            named.put("OnlineReturned " + outcome, new ResourceEvent.OnlineReturned(outcome));
            named.put("OfflineReturned " + outcome, new ResourceEvent.OfflineReturned(outcome));
        }
        for (var health : List.of(Health.alive(), Health.dead("gone"), new Health.Undecided("starved"))) {
            var word = health.getClass().getSimpleName();
            named.put("LooksAliveAnswered " + word, new ResourceEvent.LooksAliveAnswered(health));
            named.put("IsAliveAnswered " + word, new ResourceEvent.IsAliveAnswered(health));
        }
        return named;
    }

    private static ResourceState in(Phase phase) {
        var held = switch (phase) {
            case Phase.Opening _, Phase.Confirming _ -> HeldState.INITIALIZING;
            case Phase.Offline _, Phase.Closing _, Phase.Closed _ -> HeldState.OFFLINE;
            case Phase.OnlineCall _, Phase.OnlinePending _ -> HeldState.ONLINE_PENDING;
            case Phase.Online _, Phase.Checking _, Phase.Terminating _ -> HeldState.ONLINE;
            case Phase.OfflineCall _, Phase.OfflinePending _, Phase.Draining _ -> HeldState.OFFLINE_PENDING;
            case Phase.Failed _ -> HeldState.FAILED;
        };
        return new ResourceState(
                phase,
                new ResourceState.Orders(2, 1, 1, false, false),
                new ResourceState.Shown(held, 1_000, "", "", 900, 900, 0),
                Suspicion.NONE,
                Conditions.NONE);
    }

    @Test
    void namesEveryPhaseAndEveryEvent() {
        assertThat(classes(PHASES)).isEqualTo(permitted(Phase.class));
        assertThat(classes(EVENTS)).isEqualTo(permitted(ResourceEvent.class));
    }

    private static Set<String> classes(Map<String, ?> named) {
        return named.values().stream()
                .map(it -> it.getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> permitted(Class<?> sealed) {
        var names = new TreeSet<String>();
        for (var one : sealed.getPermittedSubclasses()) {
            names.add(one.getSimpleName());
        }
        return names;
    }

    @Test
    void growsTheSequenceWithEveryReportAndNeverShrinksIt() {
        PHASES.forEach((name, phase) -> EVENTS.forEach((word, event) -> {
            var before = in(phase);
            var step = ResourceStep.of(before, event, SETTINGS, 10);
            assertThat(step.next().sequence()).as(name + ", " + word).isGreaterThanOrEqualTo(before.sequence());
            if (step.effects().contains(new Effect.Report())) {
                assertThat(step.next().sequence()).as(name + ", " + word).isGreaterThan(before.sequence());
            }
        }));
    }

    @Test
    void isWhatTheDocumentationSays() throws Exception {
        var table = table();
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE)
                .as("run: mvn -pl monitor -am test -Dtest=ResourceStepTableTest -Dmainstay.regenerate=true")
                .hasContent(table);
    }

    private static String table() {
        var text = new StringBuilder("""
                # The states of a resource in its monitor

                Generated from the step function by `ResourceStepTableTest`; run it with `-Dmainstay.regenerate=true` to
                write this page again. Each section is a phase, each line an event: what is called and done, in this
                order, and the phase that follows. Events that change nothing are named at the end of a section.
                """);
        PHASES.forEach((name, phase) -> {
            text.append("\n## ")
                    .append(name)
                    .append("\n\n| event | effects | next phase | reported |\n|---|---|---|---|\n");
            var nothing = new ArrayList<String>();
            var impossible = new ArrayList<String>();
            EVENTS.forEach((word, event) -> {
                var before = in(phase);
                var step = ResourceStep.of(before, event, SETTINGS, 2_000);
                if (step.effects().size() == 1
                        && step.effects().getFirst() instanceof Effect.Log(var level, var _)
                        && level == System.Logger.Level.ERROR) {
                    impossible.add(word);
                } else if (step.effects().isEmpty() && step.next().equals(before)) {
                    nothing.add(word);
                } else {
                    text.append("| %s | %s | %s | %s |\n"
                            .formatted(
                                    word,
                                    effects(step),
                                    phase(step.next().phase()),
                                    step.next().held()));
                }
            });
            if (!nothing.isEmpty()) {
                text.append("\nNothing changes at: ")
                        .append(String.join("; ", nothing))
                        .append(".\n");
            }
            if (!impossible.isEmpty()) {
                text.append("\nCannot happen, logged as a bug: ")
                        .append(String.join("; ", impossible))
                        .append(".\n");
            }
        });
        return text.toString();
    }

    private static String effects(ResourceStep step) {
        return step.effects().stream()
                .map(effect -> switch (effect) {
                    case Effect.Log(var level, var _) -> "log " + level;
                    case Effect.Arm(var alarm, var delayMillis) -> "arm %s %d ms".formatted(alarm, delayMillis);
                    case Effect other -> other.getClass().getSimpleName();
                })
                .collect(Collectors.joining(", "));
    }

    private static String phase(Phase phase) {
        return PHASES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(phase))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(phase::toString);
    }
}
