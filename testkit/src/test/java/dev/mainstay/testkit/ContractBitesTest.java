package dev.mainstay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Each rule of the contract fails for a type that breaks it, and says what is wrong.
class ContractBitesTest {
    private static final String BROKEN = "mainstay.testkit.broken";
    private static final Path TRACE = Path.of(
            System.getProperty("java.io.tmpdir"),
            "mainstay-trace-" + ProcessHandle.current().pid());

    @AfterAll
    static void removeTrace() throws IOException {
        Files.deleteIfExists(TRACE);
    }

    /// The contract of the broken type that is named; not found by the build, since it is no test by itself.
    static final class Subject extends ResourceTypeContract {
        @Override
        protected ResourceType type() {
            try {
                return Class.forName(BrokenTypes.class.getName() + "$" + System.getProperty(BROKEN))
                        .asSubclass(ResourceType.class)
                        .getConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected Map<String, List<String>> properties() {
            return System.getProperty(BROKEN).equals("LeavesATrace")
                    ? Map.of("trace", List.of(TRACE.toString()))
                    : Map.of();
        }

        @Override
        protected List<String> traces(Map<String, List<String>> properties) {
            return properties.containsKey("trace") && Files.exists(TRACE) ? List.of("trace") : List.of();
        }

        @Override
        protected Optional<Map<String, List<String>>> failingProperties() {
            return Optional.of(Map.of("fail", List.of("true")));
        }

        @Override
        protected Duration silence() {
            return Duration.ofSeconds(1);
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(20);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ForgetsItself, describesItself, same value at every call",
        "Unregistered, isFoundByTheMonitor, META-INF/services",
        "Dies, comesOnlineStaysSoAndGoesOffline, did not stay so",
        "OneLife, comesOnlineAgain, it had its life",
        "OnceOnly, takesEachCallTwice, it runs already",
        "LeavesItsProcess, comesOnlineAgain, are still there",
        "LeavesATrace, comesOnlineStaysSoAndGoesOffline, are still there: [trace]",
        "OnlyOne, servesTwoResourcesAtOnce, is online already",
        "Slow, answersInTime, online mostly 5",
        "Silent, tellsItsStepsWhilePending, without a new checkpoint",
        "FailsWithoutWords, saysWhyItCannotComeOnline, must say why",
        "StartsAnew, survivesTheDeathOfItsMonitor, must be adopted",
        "Leaks, leavesNothingBehindWhenClosed, Give back in close",
        "NoControls, answersControls, which it declares"
    })
    void aRuleFailsForATypeThatBreaksIt(String type, String rule, String words) {
        System.setProperty(BROKEN, type);
        var summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectMethod(Subject.class, rule))
                                .build(),
                        summary);

        var failures = summary.getSummary().getFailures();
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst().getException()).hasMessageContaining(words);
    }
}
