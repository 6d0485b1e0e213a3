package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.state.NodeId;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");

    @Test
    void theGroupIsThatOfTheClusterOnEveryNodeAndForEver() {
        var voters = new TreeMap<>(Map.of(N1, "127.0.0.1:7001", N2, "127.0.0.1:7002"));

        // Directories of logs are named so: another value would lose the log of every cluster there is.
        assertThat(new Membership("shop", N1, voters).group()).hasToString("774d3713-8b6c-35de-a882-87680ff5369b");
        assertThat(new Membership("shop", N2, voters).group()).isEqualTo(new Membership("shop", N1, voters).group());
        assertThat(new Membership("shop", N1, voters, "a").group())
                .isEqualTo(new Membership("shop", N2, voters, "a").group())
                .isNotEqualTo(new Membership("shop", N1, voters, "b").group());
        assertThat(new Membership("depot", N1, voters).group())
                .isNotEqualTo(new Membership("shop", N1, voters).group());
    }

    @Test
    void refusesANodeWithoutAnAddressOfItsOwn() {
        assertThatThrownBy(() -> new Membership("shop", N2, new TreeMap<>(Map.of(N1, "127.0.0.1:7001"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its address among {n1=127.0.0.1:7001} is not 'host:port'");
    }
}
