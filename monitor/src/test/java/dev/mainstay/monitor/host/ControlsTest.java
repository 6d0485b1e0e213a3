package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The path of a control: checked, asked of the type in its turn, answered once.
class ControlsTest {
    private static final Abilities ABILITIES = Abilities.NONE.answering(
            ControlDescription.ofResource("rotate-log", Access.WRITE, "begins a new log")
                    .taking(
                            PropertyDescription.required("keep", Kind.INTEGER, "how many")
                                    .within(1, 9),
                            PropertyDescription.optional("compress", Kind.FLAG, "whether")
                                    .withDefault("true")),
            ControlDescription.ofType("list-devices", Access.READ, "what there is"));

    @TempDir
    Path directory;

    private final AskedType type = new AskedType(ABILITIES, false);
    private final CountDownLatch leave = new CountDownLatch(1);
    private AskedHost rig;

    @BeforeEach
    void start() throws Exception {
        rig = new AskedHost(directory, type);
    }

    @AfterEach
    void letGo() throws InterruptedException {
        leave.countDown();
        rig.stop();
    }

    @Test
    void asksTheTypeFirst() {
        rig.open("web");
        type.answers.put("get-class-info", _ -> ControlAnswer.done(Map.of("class", List.of("its own"))));

        assertThat(rig.ask("web", "get-class-info").output()).containsEntry("class", List.of("its own"));
    }

    @Test
    void answersItselfWhatTheTypeDoesNotSupport() {
        rig.open("web");
        var answer = rig.ask("web", "get-resource-type");

        assertThat(answer.result()).isEqualTo(Result.DONE);
        assertThat(answer.output()).containsEntry("type", List.of("asked"));
        assertThat(type.calls).contains("web get-resource-type {}");
    }

    @Test
    void checksTheInputOfADeclaredControlBeforeTheTypeSeesIt() {
        rig.open("web");
        type.answers.put("rotate-log", request -> ControlAnswer.done(request.input()));

        var missing = rig.ask("web", "rotate-log");
        assertThat(missing.result()).isEqualTo(Result.FAILED);
        assertThat(missing.error()).contains("'rotate-log'", "needs input 'keep'");
        var high = rig.ask("web", "rotate-log", Map.of("keep", List.of("10")));
        assertThat(high.error()).contains("10 is not between 1 and 9");
        var unknown = rig.ask("web", "rotate-log", Map.of("keep", List.of("1"), "x", List.of("y")));
        assertThat(unknown.error()).contains("no input 'x'", "keep, compress");
        assertThat(type.calls).noneMatch(call -> call.contains("rotate-log"));

        assertThat(rig.ask("web", "rotate-log", Map.of("keep", List.of("3"))).output())
                .isEqualTo(Map.of("keep", List.of("3"), "compress", List.of("true")));
    }

    @Test
    void saysWhatIsKnownWhenNobodyKnowsAControl() {
        rig.open("web");
        var answer = rig.ask("web", "rotate-lgo");

        assertThat(answer.result()).isEqualTo(Result.NOT_SUPPORTED);
        assertThat(answer.error())
                .contains("'rotate-lgo' of resource 'web'", "Did you mean 'rotate-log'?", "get-processes");
        assertThat(rig.ask("web", "list-devices").error()).contains("a control of the type", "'asked'");
        assertThat(rig.ask("", "get-processes").error()).contains("a control of resources");
        assertThat(type.calls).noneMatch(call -> call.contains("rotate"));
    }

    @Test
    void takesNoticesFromTheServiceAlone() {
        rig.open("web");
        var answer = rig.ask("web", "delete");
        assertThat(answer.result()).isEqualTo(Result.FAILED);
        assertThat(answer.error()).contains("'delete'", "only the cluster service itself sends");

        rig.host.order(new ToMonitor.Control(99, "web", "", "evict-node", Map.of(), 1_000, true));
        assertThat(rig.answer(99).result()).isEqualTo(Result.NOT_SUPPORTED);
        assertThat(type.calls).contains("web evict-node {}").doesNotContain("web delete {}");
    }

    @Test
    void saysWhoIsNotHere() {
        assertThat(rig.ask("wep", "get-name").error()).contains("no open resource 'wep'");
        rig.host.order(new ToMonitor.Control(98, "", "askt", "get-name", Map.of(), 1_000));
        assertThat(rig.answer(98).error()).contains("no type 'askt'");
    }

    @Test
    void tellsAFailureOfTheTypeInItsOwnWords() {
        rig.open("web");
        type.answers.put("get-flags", _ -> {
            throw new ResourceFailure("the disk is away");
        });
        assertThat(rig.ask("web", "get-flags").error()).isEqualTo("the disk is away");

        type.answers.put("get-flags", _ -> ControlAnswer.done(Map.of("x", List.of("y".repeat(2 << 20)))));
        assertThat(rig.ask("web", "get-flags").error()).contains("characters", "should answer with less");

        type.answers.put("get-flags", _ -> new ControlAnswer.Pending());
        assertThat(rig.ask("web", "get-flags").error()).contains("without handing over work");
    }

    @Test
    void waitsForTheTurnOfTheResource() throws Exception {
        rig.open("web");
        type.deeds.put("online", leave::await);
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.awaitCall("online web");
        long id = rig.send("web", "get-name", Map.of());
        rig.open("api");
        assertThat(rig.ask("api", "get-name").result())
                .as("another resource of an independent type")
                .isEqualTo(Result.DONE);
        assertThat(type.calls).doesNotContain("web get-name {}");

        leave.countDown();
        assertThat(rig.answer(id).result()).isEqualTo(Result.DONE);
        rig.voice.heard("web", HeldState.ONLINE);
    }

    @Test
    void isNotAskedAnyMoreWhenItsLimitIsOverBeforeItsTurn() {
        rig.open("web");
        type.deeds.put("online", leave::await);
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.awaitCall("online web");
        long id = rig.send("web", "get-name", Map.of());
        rig.time.pass(30_000);
        assertThat(rig.answer(id).error()).contains("'get-name'", "30000 ms");

        leave.countDown();
        rig.voice.heard("web", HeldState.ONLINE);
        assertThat(rig.ask("web", "get-resource-type").result()).isEqualTo(Result.DONE);
        assertThat(type.calls).doesNotContain("web get-name {}");
    }

    @Test
    void watchesAControlThatHangs() {
        rig.open("web");
        type.answers.put("get-name", _ -> hang());
        long id = rig.send("web", "get-name", Map.of());
        rig.awaitCall("web get-name {}");
        rig.time.pass(300_001);

        assertThat(rig.deadlocks).singleElement().asString().contains("'resourceControl'", "'web'", "300000 ms");
        assertThat(rig.answer(id).error()).contains("30000 ms");
    }

    private ControlAnswer hang() throws ResourceFailure {
        try {
            leave.await();
            return ControlAnswer.done();
        } catch (InterruptedException e) {
            throw new ResourceFailure("interrupted", e);
        }
    }

    @Test
    void goesOnInAWorkerOutsideOfTheTurnAndMayTakeMoreTime() throws Exception {
        rig.open("web");
        var mayExtend = new CountDownLatch(1);
        type.answers.put(
                "rotate-log",
                request -> request.pending(progress -> {
                    mayExtend.await();
                    progress.extend(Duration.ofSeconds(100));
                    leave.await();
                    return ControlAnswer.done(Map.of("rotated", List.of("1")));
                }));
        long id = rig.send("web", "rotate-log", Map.of("keep", List.of("3")));
        rig.awaitCall("web rotate-log {compress=[true], keep=[3]}");
        assertThat(rig.ask("web", "get-name").result()).as("the turn is free").isEqualTo(Result.DONE);

        mayExtend.countDown();
        assertThat(rig.voice
                        .told(ToService.ControlExtended.class, it -> it.id() == id)
                        .limitMillis())
                .isEqualTo(100_000);
        rig.time.pass(99_000);
        leave.countDown();
        assertThat(rig.answer(id).output()).containsEntry("rotated", List.of("1"));
    }

    @Test
    void neverExtendsBeyondTheDeadlockTimeout() {
        rig.open("web");
        type.answers.put(
                "rotate-log",
                request -> request.pending(progress -> {
                    progress.extend(Duration.ofDays(1));
                    return ControlAnswer.done();
                }));
        long id = rig.send("web", "rotate-log", Map.of("keep", List.of("3")));

        assertThat(rig.voice
                        .told(ToService.ControlExtended.class, it -> it.id() == id)
                        .limitMillis())
                .isEqualTo(300_000);
    }

    private CompletableFuture<String> pendingForEver() {
        var end = new CompletableFuture<String>();
        type.answers.put(
                "rotate-log",
                request -> request.pending(progress -> {
                    try {
                        leave.await();
                    } catch (InterruptedException e) {
                        end.complete("interrupted, cancelled: " + progress.cancelled());
                        throw e;
                    }
                    return ControlAnswer.done();
                }));
        return end;
    }

    private long rotate() {
        long id = rig.send("web", "rotate-log", Map.of("keep", List.of("3")));
        rig.awaitCall("web rotate-log {compress=[true], keep=[3]}");
        return id;
    }

    @Test
    void cancelsTheWorkWhenItsTimeIsOver() throws Exception {
        rig.open("web");
        var end = pendingForEver();
        long id = rotate();
        rig.time.pass(30_000);

        assertThat(rig.answer(id).error()).contains("'rotate-log'", "30000 ms", "cancelled");
        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted, cancelled: true");
    }

    @Test
    void cancelsTheWorkWhenTheServiceThatWaitsIsLost() throws Exception {
        rig.open("web");
        var end = pendingForEver();
        rotate();
        rig.host.serviceLost();

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted, cancelled: true");
    }

    @Test
    void cancelsTheWorkBeforeTheResourceIsClosed() throws Exception {
        rig.open("web");
        var end = pendingForEver();
        long id = rotate();
        rig.host.order(new ToMonitor.Close("web", "REQUESTED"));

        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted, cancelled: true");
        rig.voice.said("closed web");
        assertThat(rig.answer(id).error()).contains("being closed");
        assertThat(type.calls).endsWith("close web");
    }

    @Test
    void takesNoMoreThanALimitedNumberAtOnce() {
        rig.open("web");
        type.answers.put("get-name", _ -> hang());
        var ids = new ArrayList<Long>();
        for (int i = 0; i < ControlsUnderWay.MAX; i++) {
            ids.add(rig.send("web", "get-name", Map.of()));
        }
        var refused = rig.ask("web", "get-flags");
        assertThat(refused.result()).isEqualTo(Result.FAILED);
        assertThat(refused.error()).contains("128 controls are under way", "Repeat it later");

        leave.countDown();
        ids.forEach(id -> assertThat(rig.answer(id).result()).isEqualTo(Result.DONE));
        Eventually.until(
                "there is room again",
                () -> rig.ask("web", "get-flags").result() == Result.DONE,
                () -> rig.voice.allTold(ToService.ControlDone.class));
    }

    @Test
    void answersWhatItCanOfAResourceThatCouldNotBeOpened() {
        type.deeds.put("open", () -> {
            throw new ResourceFailure("no such disk");
        });
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        rig.voice.heard("web", HeldState.FAILED);

        assertThat(rig.ask("web", "get-failure-info").output()).containsEntry("detail", List.of("no such disk"));
        assertThat(rig.ask("web", "rotate-log", Map.of("keep", List.of("1"))).error())
                .contains("'web' is not open");
    }

    @Test
    void letsATypeAnswerItsOwnControls() {
        type.answers.put("list-devices", request -> request.pending(_ -> ControlAnswer.done(Map.of("d", List.of()))));

        assertThat(rig.ask("", "list-devices").output()).containsOnlyKeys("d");
        assertThat(type.calls).containsExactly("startup", "list-devices {}");
    }

    @Test
    void refusesASecondWorkOfOneControl() {
        rig.open("web");
        ControlRequest.Work nothing = _ -> ControlAnswer.done();
        type.answers.put("get-name", request -> {
            request.pending(nothing);
            return request.pending(nothing);
        });

        assertThat(rig.ask("web", "get-name").error()).contains("hands over its work once");
    }
}
