package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.step.Phase.Leftover;
import dev.mainstay.protocol.HeldResource.Conditions;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The rules of entry points over random lives of a resource: a model of the host runs every call and ends it at
/// random moments.
class ResourceStepRulesTest {
    private static final int SEEDS = 500;
    private static final int EVENTS = 300;
    private static final List<Leftover> LEFTOVERS = List.of(Leftover.values());
    private static final StepSettings SETTINGS = new StepSettings(1_000, 100, 200, 10, 20);

    @Test
    void keepsTheRulesOfEntryPointsOverRandomLives() {
        int online = 0;
        int failed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var life = new Life(seed);
            for (int i = 0; i < EVENTS; i++) {
                life.random();
            }
            life.settle();
            online += life.onlines;
            failed += life.failures;
        }

        assertThat(online).as("lives that came online").isGreaterThan(SEEDS);
        assertThat(failed).as("failures on the way").isGreaterThan(SEEDS);
    }

    /// One resource and the calls that run for it.
    private static final class Life {
        private final String name;
        private final SplittableRandom random;
        private final Set<String> running = new TreeSet<>();
        private final EnumSet<Effect.Alarm> armed = EnumSet.noneOf(Effect.Alarm.class);
        private final List<String> story = new ArrayList<>();
        private ResourceState state;
        private long now = 1_000;
        private long epoch = 1;
        private long attempt = 1;
        private boolean serving;
        private boolean cleared = true;
        private boolean record;
        private boolean describes;
        private boolean failedBefore;
        private int onlines;
        private int failures;

        Life(long seed) {
            name = "seed " + seed;
            random = new SplittableRandom(seed);
            var leftover = LEFTOVERS.get(random.nextInt(LEFTOVERS.size()));
            record = leftover != Leftover.NOTHING;
            state = ResourceState.opening(leftover, 0, 1, 1, now);
            running.add("open");
        }

        void random() {
            now += random.nextInt(1, 50);
            switch (random.nextInt(10)) {
                case 0 ->
                    apply(new ResourceEvent.OnlineOrdered(
                            epoch += random.nextInt(2), attempt += random.nextInt(2), Reason.REQUESTED));
                case 1 -> apply(new ResourceEvent.OfflineOrdered(epoch, Reason.REQUESTED));
                case 2 -> rare();
                case 3 -> apply(new ResourceEvent.Suspected("gone"));
                case 4, 5 -> ring();
                default -> endOne();
            }
        }

        private void rare() {
            switch (random.nextInt(20)) {
                case 18, 19 -> apply(new ResourceEvent.ConditionSignalled(FailureKind.FOREIGN_START, "it runs"));
                case 12, 13 -> apply(new ResourceEvent.MaintenanceChanged(random.nextBoolean()));
                case 14 -> apply(new ResourceEvent.ConditionSignalled(FailureKind.EMBEDDED, "guest hangs"));
                case 15 -> apply(new ResourceEvent.ConditionSignalled(FailureKind.NETWORK_LOSS, "no link"));
                case 16, 17 ->
                    apply(new ResourceEvent.Described(
                            random.nextBoolean() ? "backup" : "", Map.of("load", "" + random.nextInt(3))));
                case 0 -> apply(new ResourceEvent.CloseOrdered(Reason.DELETED));
                case 1, 2, 3 -> apply(new ResourceEvent.FailOrdered("asked to"));
                case 4, 5, 6 -> apply(new ResourceEvent.SettingsChanged());
                case 7, 8, 9 -> apply(new ResourceEvent.CheckpointChanged("step " + random.nextInt(3)));
                default -> apply(new ResourceEvent.StopOrdered(Reason.SHUTDOWN));
            }
        }

        private void ring() {
            if (!armed.isEmpty()) {
                var alarms = List.copyOf(armed);
                ring(alarms.get(random.nextInt(alarms.size())));
            }
        }

        private void ring(Effect.Alarm alarm) {
            armed.remove(alarm);
            apply(
                    switch (alarm) {
                        case PENDING -> new ResourceEvent.PendingTimedOut();
                        case CANCEL -> new ResourceEvent.CancelTimedOut();
                        case LOOKS_ALIVE -> new ResourceEvent.LooksAliveDue();
                        case IS_ALIVE -> new ResourceEvent.IsAliveDue();
                        case RECHECK -> new ResourceEvent.RecheckDue();
                    });
        }

        private void endOne() {
            if (!running.isEmpty()) {
                var calls = List.copyOf(running);
                end(calls.get(random.nextInt(calls.size())), random.nextInt(4) == 0);
            }
        }

        private void end(String call, boolean badly) {
            running.remove(call);
            var outcome = random.nextBoolean() ? Outcome.DONE : Outcome.PENDING;
            apply(
                    switch (call) {
                        case "open" -> badly ? new ResourceEvent.OpenThrew("error") : new ResourceEvent.Opened();
                        case "online" ->
                            badly ? new ResourceEvent.OnlineThrew("error") : new ResourceEvent.OnlineReturned(outcome);
                        case "offline" ->
                            badly
                                    ? new ResourceEvent.OfflineThrew("error")
                                    : new ResourceEvent.OfflineReturned(outcome);
                        case "work" -> badly ? new ResourceEvent.WorkFailed("error") : new ResourceEvent.WorkEnded();
                        case "looksAlive" -> new ResourceEvent.LooksAliveAnswered(health(badly));
                        case "isAlive" -> new ResourceEvent.IsAliveAnswered(health(badly));
                        case "terminate" -> {
                            cleared = running.isEmpty();
                            yield new ResourceEvent.TerminateReturned();
                        }
                        case "close" -> new ResourceEvent.CloseReturned();
                        default -> throw new AssertionError(call);
                    });
        }

        private Health health(boolean badly) {
            return badly ? Health.dead("gone") : random.nextInt(3) == 0 ? new Health.Undecided("busy") : Health.alive();
        }

        private void apply(ResourceEvent event) {
            var before = state;
            describes = event instanceof ResourceEvent.Described;
            failedBefore = before.held() == HeldState.FAILED;
            var step = ResourceStep.of(state, event, SETTINGS, now);
            story.add("%s -> %s %s".formatted(event, step.next().phase(), step.effects()));
            state = step.next();
            check(state.sequence() >= before.sequence(), "the sequence shrank");
            check(state.held() == before.held() || state.sequence() > before.sequence(), "a state without a number");
            check(
                    state.held() == before.held()
                            || step.effects().contains(new Effect.Report())
                            || step.effects().contains(new Effect.ReportClosed()),
                    "a state without a report");
            checkConditions(before, event);
            for (var effect : step.effects()) {
                perform(effect);
            }
        }

        private void checkConditions(ResourceState before, ResourceEvent event) {
            check(
                    state.conditions().equals(before.conditions())
                            || state.sequence() > before.sequence()
                            || state.conditions().equals(Conditions.NONE),
                    "conditions without a number");
            check(state.maintenance() || state.conditions().ignoredFailure().isEmpty(), "ignored without maintenance");
            boolean verdict =
                    event instanceof ResourceEvent.IsAliveAnswered || event instanceof ResourceEvent.LooksAliveAnswered;
            check(
                    !verdict
                            || !before.maintenance()
                            || !(state.phase() instanceof Phase.Terminating)
                            || before.phase() instanceof Phase.Terminating,
                    "ended by a check in maintenance");
        }

        private void perform(Effect effect) {
            switch (effect) {
                case Effect.CallOpen _ -> begin("open");
                case Effect.CallOnline _ -> {
                    check(!serving, "online twice");
                    check(record, "online without a record");
                    cleared = false;
                    begin("online");
                }
                case Effect.CallOffline _ -> begin("offline");
                case Effect.CallLooksAlive _ -> begin("looksAlive");
                case Effect.CallIsAlive _ -> begin("isAlive");
                case Effect.CallTerminate _ -> {
                    check(!running.contains("open") && !running.contains("close"), "terminate during open or close");
                    check(!running.contains("terminate"), "terminate twice at a time");
                    running.add("terminate");
                }
                case Effect.CallClose _ -> begin("close");
                case Effect.StartWork _ -> begin("work");
                case Effect.CancelWork _ -> check(running.contains("work"), "nothing to cancel");
                case Effect.Arm(var alarm, var _) -> armed.add(alarm);
                case Effect.DisarmAll _ -> armed.clear();
                case Effect.SaveRecord _ -> record = true;
                case Effect.DropRecord _ -> record = false;
                case Effect.Report _ -> reported();
                case Effect.ReportSoon _ -> {}
                case Effect.ReportClosed _ -> check(running.isEmpty(), "closed while something runs");
                case Effect.Log(var level, var text) ->
                    check(level != System.Logger.Level.ERROR, "an event that cannot happen: " + text);
            }
        }

        private void begin(String call) {
            check(running.isEmpty(), call + " while " + running);
            running.add(call);
        }

        private void reported() {
            if (describes) {
                return;
            }
            switch (state.held()) {
                case ONLINE -> {
                    check(record, "online without a record");
                    onlines += serving ? 0 : 1;
                    serving = true;
                    cleared = false;
                }
                case FAILED -> {
                    check(state.conditions().ignoredFailure().isEmpty() || failedBefore, "failed and ignored");
                    check(cleared || state.phase().equals(new Phase.Failed(false)), "failed without terminate");
                    check(running.isEmpty(), "failed while something runs");
                    failures++;
                    serving = false;
                }
                case OFFLINE -> {
                    check(running.isEmpty(), "offline while something runs");
                    cleared = true;
                    serving = false;
                }
                case INITIALIZING, ONLINE_PENDING, OFFLINE_PENDING -> {}
            }
        }

        /// When every call ends or times out, offline is reached.
        void settle() {
            apply(new ResourceEvent.StopOrdered(Reason.SHUTDOWN));
            for (int i = 0; i < 50; i++) {
                if (!running.isEmpty()) {
                    end(
                            running.contains("terminate")
                                    ? "terminate"
                                    : running.iterator().next(),
                            false);
                } else if (armed.contains(Effect.Alarm.PENDING)) {
                    ring(Effect.Alarm.PENDING);
                }
            }
            check(
                    Set.of(HeldState.OFFLINE, HeldState.FAILED).contains(state.held()) && running.isEmpty(),
                    "offline blocks for ever");
        }

        private void check(boolean holds, String rule) {
            assertThat(holds)
                    .as(() -> "%s broke: %s\nphase %s\n%s"
                            .formatted(
                                    name,
                                    rule,
                                    state.phase(),
                                    String.join("\n", story.subList(Math.max(0, story.size() - 12), story.size()))))
                    .isTrue();
        }
    }
}
