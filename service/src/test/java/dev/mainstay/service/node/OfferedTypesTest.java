package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.AbilitySpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class OfferedTypesTest {
    private final OfferedTypes types = new OfferedTypes();

    private static Inventory inventory(String version, int spiVersion) {
        var abilities = new AbilitySpec("", List.of(), List.of(), List.of(), spiVersion, "");
        return new Inventory(
                List.of(new TypeSpec("web", version, "", List.of(), 1, 1, 1, 1, true, abilities)), List.of());
    }

    private int spiVersion() {
        return types.all().values().iterator().next().abilities().spiVersion();
    }

    @Test
    void theDefaultMonitorSaysWhichTypesThereAre() {
        assertThat(types.told("type-web", inventory("1", 0))).isTrue();
        assertThat(types.told("default", inventory("2", 0))).isTrue();
        assertThat(types.told("type-web", inventory("1", 0))).isFalse();

        assertThat(types.all().values()).extracting(TypeSpec::version).containsExactly("2");
    }

    @Test
    void anotherMonitorTellsTheVersionOfTheContractThatItChoseWithTheType() {
        types.told("default", inventory("1", 0));

        types.told("type-web", inventory("1", 1));

        assertThat(spiVersion()).isEqualTo(1);
    }

    @Test
    void aVersionOnceKnownStaysWhileTheTypeIsTheSame() {
        types.told("default", inventory("1", 1));
        types.told("default", inventory("1", 0));
        assertThat(spiVersion()).isEqualTo(1);

        types.told("default", inventory("2", 0));

        assertThat(spiVersion()).isZero();
    }
}
