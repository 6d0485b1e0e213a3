package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ResourceSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StopOrderTest {
    private static ResourceSpec needs(String name, List<List<String>> providers) {
        return new ResourceSpec(name, "g", "t", Map.of(), providers, 0, 0, 0, 0, 1);
    }

    private final List<ResourceSpec> chain = List.of(
            needs("disk", List.of()),
            needs("address", List.of()),
            needs("database", List.of(List.of("disk"))),
            needs("web", List.of(List.of("database"), List.of("address"))));

    @Test
    void stopsDependentsFirstAndWhatIsIndependentTogether() {
        assertThat(StopOrder.next(chain, Set.of("disk", "address", "database", "web")))
                .containsExactly("web");
        assertThat(StopOrder.next(chain, Set.of("disk", "address", "database"))).containsExactly("address", "database");
        assertThat(StopOrder.next(chain, Set.of("disk"))).containsExactly("disk");
    }

    @Test
    void isNotHeldByWhatIsDownAlready() {
        assertThat(StopOrder.next(chain, Set.of("disk", "web"))).containsExactly("disk", "web");
    }

    @Test
    void keepsEveryAlternativeUpForItsDependent() {
        var specs = List.of(needs("a", List.of()), needs("b", List.of()), needs("web", List.of(List.of("a", "b"))));

        assertThat(StopOrder.next(specs, Set.of("a", "b", "web"))).containsExactly("web");
    }

    @Test
    void stopsACircleAtOnceInsteadOfNever() {
        var specs = List.of(needs("a", List.of(List.of("b"))), needs("b", List.of(List.of("a"))));

        assertThat(StopOrder.next(specs, Set.of("a", "b"))).containsExactly("a", "b");
        assertThat(StopOrder.next(List.of(needs("a", List.of(List.of("a")))), Set.of("a")))
                .containsExactly("a");
    }
}
