package dev.mainstay.core.state;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A sorted map that never changes. The map with one more entry shares all but a path of its tree with this
/// one, so that a change costs the logarithm of the size, whatever the size, and the map before stays as it
/// was.
///
/// **Time:** reading, [#with] and [#without] take logarithmic time, [#of] linear time.
///
/// **Source:** a tree balanced by weight with the parameters 3 and 2 of Hirai and Yamamoto, "Balancing
/// weight-balanced trees" (2011).
@SuppressWarnings("JdkObsolete") // SortedMap suffices: nobody navigates.
final class SharedMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> implements SortedMap<K, V> {
    /// A subtree may be this many times as large as its sibling.
    private static final int DELTA = 3;

    /// An inner grandchild this many times as large as the outer one takes a double rotation.
    private static final int RATIO = 2;

    private final @Nullable Tree<K, V> root;

    private record Tree<K, V>(
            int size,
            K key,
            V value,
            @Nullable Tree<K, V> left,
            @Nullable Tree<K, V> right) {}

    private SharedMap(@Nullable Tree<K, V> root) {
        this.root = root;
    }

    /// The entries of a map in their natural order; the map itself when it is shared already.
    static <K extends Comparable<? super K>, V> SharedMap<K, V> of(SortedMap<K, V> map) {
        if (map instanceof SharedMap<K, V> shared) {
            return shared;
        }
        return new SharedMap<>(built(map.entrySet().iterator(), map.size()));
    }

    /// No entries.
    static <K extends Comparable<? super K>, V> SharedMap<K, V> empty() {
        return new SharedMap<>(null);
    }

    /// This map with a value added or replaced.
    SharedMap<K, V> with(K key, V value) {
        return new SharedMap<>(with(root, key, value));
    }

    /// This map without an entry.
    SharedMap<K, V> without(K key) {
        return containsKey(key) ? new SharedMap<>(without(root, key)) : this;
    }

    private static <K, V> @Nullable Tree<K, V> built(Iterator<Entry<K, V>> entries, int count) {
        if (count == 0) {
            return null;
        }
        var left = built(entries, count / 2);
        var entry = entries.next();
        return tree(entry.getKey(), entry.getValue(), left, built(entries, count - count / 2 - 1));
    }

    private static <K extends Comparable<? super K>, V> Tree<K, V> with(@Nullable Tree<K, V> in, K key, V value) {
        if (in == null) {
            return tree(key, value, null, null);
        }
        int order = key.compareTo(in.key);
        if (order == 0) {
            return tree(key, value, in.left, in.right);
        }
        return order < 0
                ? balanced(in.key, in.value, with(in.left, key, value), in.right)
                : balanced(in.key, in.value, in.left, with(in.right, key, value));
    }

    private static <K extends Comparable<? super K>, V> @Nullable Tree<K, V> without(@Nullable Tree<K, V> in, K key) {
        if (in == null) {
            return null;
        }
        int order = key.compareTo(in.key);
        if (order < 0) {
            return balanced(in.key, in.value, without(in.left, key), in.right);
        } else if (order > 0) {
            return balanced(in.key, in.value, in.left, without(in.right, key));
        } else if (in.left == null) {
            return in.right;
        } else if (in.right == null) {
            return in.left;
        }
        var next = first(in.right);
        return balanced(next.key, next.value, in.left, without(in.right, next.key));
    }

    private static <K, V> Tree<K, V> balanced(K key, V value, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right) {
        int leftSize = size(left);
        int rightSize = size(right);
        if (leftSize + rightSize > 1 && right != null && rightSize > DELTA * leftSize) {
            var inner = right.left;
            return inner == null || inner.size < RATIO * size(right.right)
                    ? tree(right.key, right.value, tree(key, value, left, inner), right.right)
                    : tree(
                            inner.key,
                            inner.value,
                            tree(key, value, left, inner.left),
                            tree(right.key, right.value, inner.right, right.right));
        }
        if (leftSize + rightSize > 1 && left != null && leftSize > DELTA * rightSize) {
            var inner = left.right;
            return inner == null || inner.size < RATIO * size(left.left)
                    ? tree(left.key, left.value, left.left, tree(key, value, inner, right))
                    : tree(
                            inner.key,
                            inner.value,
                            tree(left.key, left.value, left.left, inner.left),
                            tree(key, value, inner.right, right));
        }
        return tree(key, value, left, right);
    }

    private static <K, V> Tree<K, V> tree(K key, V value, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right) {
        return new Tree<>(size(left) + 1 + size(right), key, value, left, right);
    }

    private static <K, V> int size(@Nullable Tree<K, V> tree) {
        return tree == null ? 0 : tree.size;
    }

    private static <K, V> Tree<K, V> first(@Nullable Tree<K, V> tree) {
        var here = present(tree);
        for (var left = here.left; left != null; left = left.left) {
            here = left;
        }
        return here;
    }

    private static <K, V> Tree<K, V> present(@Nullable Tree<K, V> tree) {
        if (tree == null) {
            throw new NoSuchElementException("an empty map has no first and no last key");
        }
        return tree;
    }

    /// The longest way from the root to an entry.
    int depth() {
        return depth(root);
    }

    private static <K, V> int depth(@Nullable Tree<K, V> tree) {
        return tree == null ? 0 : 1 + Math.max(depth(tree.left), depth(tree.right));
    }

    @Override
    public int size() {
        return size(root);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return find(key) != null;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        var found = find(key);
        return found == null ? null : found.value;
    }

    @SuppressWarnings("unchecked") // As TreeMap: a key that cannot be compared is a ClassCastException.
    private @Nullable Tree<K, V> find(@Nullable Object key) {
        var here = root;
        while (here != null && key != null) {
            int order = ((Comparable<Object>) key).compareTo(here.key);
            if (order == 0) {
                return here;
            }
            here = order < 0 ? here.left : here.right;
        }
        return null;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        each(root, action);
    }

    private static <K, V> void each(@Nullable Tree<K, V> tree, BiConsumer<? super K, ? super V> action) {
        if (tree != null) {
            each(tree.left, action);
            action.accept(tree.key, tree.value);
            each(tree.right, action);
        }
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new Walk<>(root);
            }

            @Override
            public int size() {
                return SharedMap.this.size();
            }
        };
    }

    /// Goes through a tree in order; what is still to come is to the right of what is on the stack.
    private static final class Walk<K, V> implements Iterator<Entry<K, V>> {
        private final ArrayDeque<Tree<K, V>> open = new ArrayDeque<>();

        Walk(@Nullable Tree<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Tree<K, V> from) {
            for (var here = from; here != null; here = here.left) {
                open.push(here);
            }
        }

        @Override
        public boolean hasNext() {
            return !open.isEmpty();
        }

        @Override
        public Entry<K, V> next() {
            var here = open.pop();
            descend(here.right);
            return new SimpleImmutableEntry<>(here.key, here.value);
        }
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public K firstKey() {
        return first(root).key;
    }

    @Override
    public K lastKey() {
        var here = present(root);
        for (var right = here.right; right != null; right = right.right) {
            here = right;
        }
        return here.key;
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
        return copy().subMap(from, to);
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
        return copy().headMap(to);
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
        return copy().tailMap(from);
    }

    private SortedMap<K, V> copy() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(this));
    }
}
