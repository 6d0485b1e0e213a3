package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void thePageShowsEachLimitWithItsNumber() throws Exception {
        var page = Files.readAllLines(Path.of("..", "docs", "limits.md"));

        for (var field : Limits.class.getDeclaredFields()) {
            if (!Modifier.isPublic(field.getModifiers())) {
                continue;
            }
            var number = String.format(Locale.ROOT, "%,d", field.getInt(null));
            assertThat(page)
                    .as(field.getName())
                    .anyMatch(line -> line.contains("| `%s` |".formatted(field.getName()))
                            && Arrays.stream(line.split("\\|"))
                                    .anyMatch(cell -> cell.strip().startsWith(number)));
        }
    }

    @Test
    void whatOneLayerTakesTheNextOneTakes() {
        int largestReport = Limits.CHECKPOINT
                + 4 * Limits.TEXT
                + Limits.LINE
                + Limits.PUBLISHED * (Limits.PUBLISHED_NAME + Limits.PUBLISHED_VALUE);
        int bytesOfACharacter = 3;

        assertThat(bytesOfACharacter * largestReport).isLessThan(Limits.INVENTORY_PART);
        assertThat(2 * Limits.INVENTORY_PART).isLessThan(Limits.FRAME);
        assertThat(bytesOfACharacter * Limits.CONTROL_ANSWER).isLessThan(Limits.FRAME);
        assertThat(bytesOfACharacter * Limits.DESCRIPTION).isLessThan(Limits.INVENTORY_PART);
        assertThat(bytesOfACharacter * largestReport).isLessThan(Limits.ENTRY / 2);
        assertThat(bytesOfACharacter * Limits.PROPERTIES).isLessThan(Limits.HTTP_BODY);
        assertThat(Limits.HTTP_BODY).isLessThan(Limits.FRAME);
        assertThat(Limits.ENTRY).isLessThan(Limits.ENGINE_ENTRY);
    }
}
