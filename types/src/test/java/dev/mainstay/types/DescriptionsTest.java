package dev.mainstay.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/// Keeps the descriptions of all built-in types complete.
class DescriptionsTest {
    private final List<TypeDescription> descriptions = ServiceLoader.load(ResourceType.class).stream()
            .map(type -> type.get().describe())
            .toList();

    @Test
    void findsEveryBuiltInType() {
        assertThat(descriptions)
                .extracting(TypeDescription::name)
                .containsExactlyInAnyOrder(
                        "container",
                        "file-lock",
                        "filesystem",
                        "http",
                        "ip-address",
                        "ocf",
                        "process",
                        "script",
                        "systemd",
                        "tcp");
    }

    @Test
    void everyPropertyHasHelpForAnOperatorAndANameOfItsOwn() {
        for (var type : descriptions) {
            assertThat(type.properties()).extracting(PropertyDescription::name).doesNotHaveDuplicates();
            assertThat(type.properties())
                    .allSatisfy(property -> assertThat(property.help())
                            .as("help of %s", property.name())
                            .hasSizeGreaterThan(10)
                            .endsWith("."));
        }
    }

    @Test
    void everyNumberHasLimitsAndEveryChoiceItsDefaultAmongItsTexts() {
        for (var type : descriptions) {
            for (var property : type.properties()) {
                if (List.of(Kind.INTEGER, Kind.DURATION, Kind.SIZE).contains(property.kind())) {
                    assertThat(property.maximum()).as(property.name()).isLessThan(Long.MAX_VALUE);
                    assertThat(property.minimum()).as(property.name()).isNotNegative();
                    assertThat(property.defaultValue()).as(property.name()).hasSize(1);
                }
                if (property.kind() == Kind.CHOICE) {
                    assertThat(property.choices()).containsAll(property.defaultValue());
                }
            }
        }
    }
}
