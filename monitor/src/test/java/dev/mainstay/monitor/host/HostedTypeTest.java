package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.process.Eventually;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostedTypeTest {
    private final List<Call> calls = new ArrayList<>();

    private static HostedType type(boolean independent) {
        var minute = Duration.ofMinutes(1);
        var description = new TypeDescription("t", "1", "", List.of(), minute, minute, minute, minute, independent);
        return new HostedType(new ResourceType() {
            @Override
            public TypeDescription describe() {
                return description;
            }

            @Override
            public EntryPoints open(ResourceContext context) throws ResourceFailure {
                throw new ResourceFailure("nothing is opened here");
            }
        });
    }

    /// A call that runs until it is told to end.
    private final class Call {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch leave = new CountDownLatch(1);
        private final Thread thread;

        Call(HostedType type, String name) {
            thread = Thread.ofPlatform().name(name).start(() -> {
                try (var _ = type.take(name)) {
                    entered.countDown();
                    leave.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            calls.add(this);
        }

        Call runs() throws InterruptedException {
            assertThat(entered.await(10, TimeUnit.SECONDS))
                    .as(thread.getName() + " runs")
                    .isTrue();
            return this;
        }

        Call waits() {
            Eventually.until(
                    thread.getName() + " waits", () -> thread.getState() == Thread.State.WAITING, thread::getState);
            assertThat(entered.getCount())
                    .as(thread.getName() + " has not begun")
                    .isEqualTo(1);
            return this;
        }

        void end() {
            leave.countDown();
        }
    }

    @AfterEach
    void endCalls() {
        calls.forEach(Call::end);
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "online", "offline", "looksAlive", "isAlive", "close"})
    void keepsASecondCallOfADependentTypeWaiting(String name) throws Exception {
        var type = type(false);
        var first = new Call(type, "isAlive").runs();
        var second = new Call(type, name).waits();
        first.end();

        second.runs();
    }

    @ParameterizedTest
    @ValueSource(strings = {"online", "offline", "looksAlive", "isAlive", "terminate"})
    void letsTerminateRunBesideOtherCalls(String name) throws Exception {
        var type = type(false);
        new Call(type, name).runs();

        new Call(type, "terminate").runs();
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "close"})
    void neverLetsTerminateRunBesideOpenOrClose(String name) throws Exception {
        var type = type(false);
        var first = new Call(type, name).runs();
        var terminate = new Call(type, "terminate").waits();
        first.end();

        terminate.runs();
    }

    @Test
    void letsResourcesOfAnIndependentTypeRunAtTheSameTimeButOpensOneAfterAnother() throws Exception {
        var type = type(true);
        new Call(type, "online").runs();
        new Call(type, "online").runs();
        var first = new Call(type, "open").runs();
        var second = new Call(type, "open").waits();
        first.end();

        second.runs();
    }

    @Test
    void tellsOnlyTheFirstSlowCallOfAnEntryPoint() {
        var type = type(true);

        assertThat(type.countSlow("online")).isTrue();
        assertThat(type.countSlow("online")).isFalse();
        assertThat(type.countSlow("offline")).isTrue();
    }
}
