package dev.mainstay.core.state;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Unmodifiable copies that keep a defined order.
final class Copies {
    private Copies() {}

    static <K, V> SortedMap<K, V> ofMap(SortedMap<K, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    static <E> SortedSet<E> ofSet(SortedSet<E> set) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(set));
    }

    static <K, V> SortedMap<K, V> with(SortedMap<K, V> map, K key, V value) {
        var copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
