package dev.mainstay.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.Fixture;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DependencyTest {
    private final Dependency dataAndAnAddress =
            Fixture.resource("web", "data", "ip4|ip6").dependency();

    @Test
    void isSatisfiedByOneOfEachAlternative() {
        assertThat(dataAndAnAddress.satisfiedBy(Set.of(id("data"), id("ip6"))::contains))
                .isTrue();
        assertThat(dataAndAnAddress.satisfiedBy(Set.of(id("ip4"), id("ip6"))::contains))
                .isFalse();
        assertThat(dataAndAnAddress.satisfiedBy(Set.of(id("data"))::contains)).isFalse();
    }

    @Test
    void isSpelledAsInAManifest() {
        assertThat(dataAndAnAddress).hasToString("data and (ip4 or ip6)");
        assertThat(Fixture.resource("web", "ip4|ip6").dependency()).hasToString("ip4 or ip6");
        assertThat(Dependency.NONE).hasToString("");
    }

    private static ResourceId id(String name) {
        return new ResourceId(name);
    }
}
