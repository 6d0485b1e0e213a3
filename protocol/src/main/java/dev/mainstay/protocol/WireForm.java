package dev.mainstay.protocol;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// How the values of one type travel: composed once for each type, since reflection is slow.
///
/// **Threads:** any.
abstract class WireForm {
    private static final int DEPTH_MAX = 32;
    private static final int NAME_LIMIT = 200;
    private static final Map<Type, WireForm> FORMS = new ConcurrentHashMap<>(Map.of(
            String.class,
            new Plain(
                    (out, value) -> out.sized(((String) value).getBytes(StandardCharsets.UTF_8)),
                    WireForm::text,
                    () -> ""),
            byte[].class,
            new Plain((out, value) -> out.sized((byte[]) value), WireForm::bytes, () -> new byte[0]),
            long.class,
            new Plain((out, value) -> out.room(Long.BYTES).putLong((Long) value), ByteBuffer::getLong, () -> 0L),
            int.class,
            new Plain((out, value) -> out.room(Integer.BYTES).putInt((Integer) value), ByteBuffer::getInt, () -> 0),
            boolean.class,
            new Plain(
                    (out, value) -> out.room(1).put((byte) ((Boolean) value ? 1 : 0)),
                    in -> in.get() != 0,
                    () -> false),
            Instant.class,
            new Plain(
                    (out, value) -> {
                        var at = (Instant) value;
                        out.room(Long.BYTES + Integer.BYTES)
                                .putLong(at.getEpochSecond())
                                .putInt(at.getNano());
                    },
                    in -> Instant.ofEpochSecond(in.getLong(), in.getInt()),
                    () -> Instant.EPOCH),
            Duration.class,
            new Plain(
                    (out, value) -> {
                        var span = (Duration) value;
                        out.room(Long.BYTES + Integer.BYTES)
                                .putLong(span.getSeconds())
                                .putInt(span.getNano());
                    },
                    in -> Duration.ofSeconds(in.getLong(), in.getInt()),
                    () -> Duration.ZERO)));

    /// The form of a type.
    static WireForm of(Type type) {
        var known = FORMS.get(type);
        if (known == null) {
            known = composed(type);
            FORMS.put(type, known);
        }
        return known;
    }

    private static WireForm composed(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            var arguments = generic.getActualTypeArguments();
            if (Map.class.isAssignableFrom(raw)) {
                return new Entries(raw, of(arguments[0]), of(arguments[1]));
            } else if (Collection.class.isAssignableFrom(raw)) {
                return new Elements(raw, of(arguments[0]));
            }
        } else if (type instanceof Class<?> raw) {
            if (raw.isEnum()) {
                return new Constants(raw);
            } else if (raw.isSealed()) {
                return new WireRecord.Cases(raw);
            } else if (raw.isRecord()) {
                return new WireRecord(raw);
            }
        }
        return new Untravelled(type);
    }

    abstract void write(WireOutput out, Object value);

    /// @param in has an array
    /// @param depth how deep the value is nested
    abstract Object read(ByteBuffer in, int depth) throws MalformedException;

    /// What a reader takes for a component that the writer did not know.
    abstract Object empty() throws MalformedException;

    static void checkDepth(int depth) throws MalformedException {
        if (depth > DEPTH_MAX) {
            throw new MalformedException("values are nested more than %d deep".formatted(DEPTH_MAX));
        }
    }

    static MalformedException unknown(String name, Class<?> among) {
        var shown = name.length() > NAME_LIMIT ? name.substring(0, NAME_LIMIT) + "..." : name;
        return new MalformedException("'%s' is no %s".formatted(shown, among.getSimpleName()));
    }

    static MalformedException noEmpty(Class<?> raw) {
        return new MalformedException(
                "a %s was added without an empty value to read old bytes with".formatted(raw.getSimpleName()));
    }

    /// The bytes of the name of a constant or a case, behind their number.
    static byte[] nameBytes(String name) {
        var text = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Short.BYTES + text.length)
                .putShort((short) text.length)
                .put(text)
                .array();
    }

    static String name(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return taken(in, length);
    }

    private static String text(ByteBuffer in) throws MalformedException {
        return taken(in, length(in));
    }

    private static String taken(ByteBuffer in, int length) {
        var text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    private static byte[] bytes(ByteBuffer in) throws MalformedException {
        var bytes = new byte[length(in)];
        in.get(bytes);
        return bytes;
    }

    private static int length(ByteBuffer in) throws MalformedException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new MalformedException("a text claims %d bytes, %d are left".formatted(length, in.remaining()));
        }
        return length;
    }

    private static int count(ByteBuffer in) throws MalformedException {
        int count = in.getInt();
        if (count < 0 || count > in.remaining()) {
            throw new MalformedException(
                    "a collection claims %d elements, %d bytes are left".formatted(count, in.remaining()));
        }
        return count;
    }

    private interface Reading {
        Object from(ByteBuffer in) throws MalformedException;
    }

    private static final class Plain extends WireForm {
        private final BiConsumer<WireOutput, Object> writing;
        private final Reading reading;
        private final Supplier<Object> empty;

        Plain(BiConsumer<WireOutput, Object> writing, Reading reading, Supplier<Object> empty) {
            this.writing = writing;
            this.reading = reading;
            this.empty = empty;
        }

        @Override
        void write(WireOutput out, Object value) {
            writing.accept(out, value);
        }

        @Override
        Object read(ByteBuffer in, int depth) throws MalformedException {
            return reading.from(in);
        }

        @Override
        Object empty() {
            return empty.get();
        }
    }

    private static final class Constants extends WireForm {
        private final Class<?> raw;
        private final Map<String, Object> byName = new HashMap<>();
        private final Map<Object, byte[]> names = new HashMap<>();

        Constants(Class<?> raw) {
            this.raw = raw;
            for (var constant : raw.getEnumConstants()) {
                var name = ((Enum<?>) constant).name();
                byName.put(name, constant);
                names.put(constant, nameBytes(name));
            }
        }

        @Override
        void write(WireOutput out, Object value) {
            var name = Objects.requireNonNull(names.get(value));
            out.room(name.length).put(name);
        }

        @Override
        Object read(ByteBuffer in, int depth) throws MalformedException {
            var name = name(in);
            var constant = byName.get(name);
            if (constant == null) {
                throw unknown(name, raw);
            }
            return constant;
        }

        @Override
        Object empty() {
            return raw.getEnumConstants()[0];
        }
    }

    private static final class Elements extends WireForm {
        private final Class<?> raw;
        private final WireForm element;

        Elements(Class<?> raw, WireForm element) {
            this.raw = raw;
            this.element = element;
        }

        @Override
        void write(WireOutput out, Object value) {
            var elements = (Collection<?>) value;
            out.room(Integer.BYTES).putInt(elements.size());
            for (var one : elements) {
                element.write(out, one);
            }
        }

        @Override
        Object read(ByteBuffer in, int depth) throws MalformedException {
            checkDepth(depth);
            int count = count(in);
            Collection<Object> elements = raw == SortedSet.class ? new TreeSet<>() : new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                elements.add(element.read(in, depth + 1));
            }
            return elements;
        }

        @Override
        Object empty() throws MalformedException {
            if (raw == SortedSet.class) {
                return new TreeSet<>();
            } else if (raw == List.class) {
                return List.of();
            }
            throw noEmpty(raw);
        }
    }

    private static final class Entries extends WireForm {
        private final Class<?> raw;
        private final WireForm key;
        private final WireForm value;

        Entries(Class<?> raw, WireForm key, WireForm value) {
            this.raw = raw;
            this.key = key;
            this.value = value;
        }

        @Override
        void write(WireOutput out, Object map) {
            var entries = (Map<?, ?>) map;
            out.room(Integer.BYTES).putInt(entries.size());
            if (!entries.isEmpty()) {
                for (var entry : entries.entrySet()) {
                    key.write(out, entry.getKey());
                    value.write(out, entry.getValue());
                }
            }
        }

        @Override
        Object read(ByteBuffer in, int depth) throws MalformedException {
            checkDepth(depth);
            int count = count(in);
            Map<Object, Object> entries = raw == SortedMap.class ? new TreeMap<>() : new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                entries.put(key.read(in, depth + 1), value.read(in, depth + 1));
            }
            return entries;
        }

        @Override
        Object empty() throws MalformedException {
            if (raw == SortedMap.class) {
                return new TreeMap<>();
            } else if (raw == Map.class) {
                return Map.of();
            }
            throw noEmpty(raw);
        }
    }

    /// A type that cannot travel: said when it shall.
    private static final class Untravelled extends WireForm {
        private final Type type;

        Untravelled(Type type) {
            this.type = type;
        }

        @Override
        void write(WireOutput out, Object value) {
            throw new IllegalArgumentException(
                    "%s cannot travel: it is neither record nor plain value".formatted(value.getClass()));
        }

        @Override
        Object read(ByteBuffer in, int depth) {
            throw new IllegalArgumentException(type + " cannot travel");
        }

        @Override
        Object empty() throws MalformedException {
            throw new MalformedException(
                    "a %s was added without an empty value to read old bytes with".formatted(type.getTypeName()));
        }
    }
}
