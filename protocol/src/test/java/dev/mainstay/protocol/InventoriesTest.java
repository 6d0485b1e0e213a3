package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.ToService.InventoryPart;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InventoriesTest {
    private static HeldResource saying(int number, int characters) {
        return new HeldResource("r" + number, HeldState.FAILED, 1, 1, 1, 1, "", "x".repeat(characters), 0, 0);
    }

    @Test
    void aSmallOneIsOneMessage() {
        var small = new Inventory(List.of(), List.of(saying(1, 10)), List.of());

        assertThat(Inventories.parts(small, Limits.INVENTORY_PART)).containsExactly(small);
    }

    @Test
    void oneLargerThanAFrameGoesInPartsThatAllFitAndLosesNothing() {
        var held =
                IntStream.range(0, 10_000).mapToObj(i -> saying(i, Limits.TEXT)).toList();

        var parts = Inventories.parts(new Inventory(List.of(), held, List.of("x")), Limits.INVENTORY_PART);

        assertThat(parts).hasSizeGreaterThan(30).hasSizeLessThan(Limits.INVENTORY_PARTS);
        assertThat(parts.getLast()).isEqualTo(new Inventory(List.of(), List.of(), List.of()));
        assertThat(parts.stream()
                        .flatMap(part -> part instanceof InventoryPart one
                                ? one.held().stream()
                                : List.<HeldResource>of().stream())
                        .toList())
                .isEqualTo(held);
        for (var part : parts) {
            assertThat(Frames.frame(ToService.class, part).remaining()).isLessThan(2 * Limits.INVENTORY_PART);
        }
        assertThat(Collections.max(parts.stream()
                        .map(part -> Frames.frame(ToService.class, part).remaining())
                        .toList()))
                .isLessThan(Limits.FRAME);
    }
}
