package dev.mainstay.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SharedMapTest {
    private static final int STEPS = 4_000;
    private static final int KEYS = 300;

    @Test
    void holdsWhatATreeMapHoldsWhateverIsAddedAndRemoved() {
        var random = new Random(34);
        var expected = new TreeMap<Integer, Integer>();
        SharedMap<Integer, Integer> map = SharedMap.empty();
        for (int step = 0; step < STEPS; step++) {
            int key = random.nextInt(KEYS);
            if (random.nextInt(5) < 2) {
                expected.remove(key);
                map = map.without(key);
            } else {
                expected.put(key, step);
                map = map.with(key, step);
            }
            assertEquals(expected.get(key), map.get(key));
            assertEquals(expected.size(), map.size());
            if (step % 50 == 0) {
                assertEquals(List.copyOf(expected.entrySet()), List.copyOf(map.entrySet()));
                assertEquals(expected, map);
                assertEquals(expected.hashCode(), map.hashCode());
                assertEquals(expected.firstEntry().getKey(), map.firstKey());
                assertEquals(expected.lastKey(), map.lastKey());
            }
        }
    }

    @Test
    void aChangeLeavesTheMapBeforeAsItWas() {
        var one = SharedMap.of(new TreeMap<>(Map.of("a", 1)));
        var two = one.with("b", 2);
        var again = two.with("a", 3).without("b");

        assertEquals(Map.of("a", 1), one);
        assertEquals(Map.of("a", 1, "b", 2), two);
        assertEquals(Map.of("a", 3), again);
    }

    @Test
    void staysShallowWhenKeysComeInOrder() {
        SharedMap<Integer, Integer> map = SharedMap.empty();
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            map = map.with(i, i);
        }
        for (int i = 0; i < count - 1_000; i++) {
            map = map.without(i);
        }
        assertEquals(1_000, map.size());
        assertTrue(map.depth() <= 25, "1,000 entries are " + map.depth() + " deep");
    }

    @Test
    void isNotChangedByThoseWhoReadIt() {
        var map = SharedMap.of(new TreeMap<>(Map.of("a", 1)));
        assertThrows(UnsupportedOperationException.class, () -> map.put("b", 2));
        assertThrows(UnsupportedOperationException.class, () -> map.keySet().remove("a"));
        assertThrows(UnsupportedOperationException.class, () -> map.tailMap("a").clear());
        assertThrows(NoSuchElementException.class, () -> map.without("a").firstKey());
    }
}
