package dev.mainstay.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Turns records, sealed alternatives and collections of them into bytes and back.
///
/// A record is its number of components followed by the components, so that a reader of a newer version can read
/// an older record: components added at the end get their empty value (0, false, "", no elements, the first
/// constant, a record of empty values). A sealed
/// alternative is the name of its case followed by the record. Supported: records, sealed interfaces of records,
/// enums, `boolean`, `int`, `long`, `String`, `byte[]`, `Instant`, `Duration`, `List`, `SortedSet`, `Map`,
/// `SortedMap`.
///
/// **Threads:** any.
/// **Errors:** bytes that are not such a value throw [MalformedException]; it says where and why.
/// **Source:** ADR 0003.
public final class WireCodec {
    private static final int NAME_LIMIT = 200;
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();
    private static final Map<Class<?>, Map<String, Class<?>>> CASES = new ConcurrentHashMap<>();

    private WireCodec() {}

    /// Bytes that cannot be read.
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        /// Says what was found and what was expected.
        public MalformedException(String message) {
            super(message);
        }
    }

    private record Component(Type type, MethodHandle read) {}

    private record Shape(List<Component> components, MethodHandle make) {}

    /// The bytes of `value`, seen as a `type` (the sealed interface, where there is one).
    public static byte[] encode(Type type, Object value) {
        var bytes = new ByteArrayOutputStream(256);
        try {
            write(new DataOutputStream(bytes), type, value);
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }

    /// The value that `bytes` hold, seen as a `type`.
    public static <T> T decode(Class<T> type, byte[] bytes) throws MalformedException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            var value = read(in, type, 0);
            if (in.available() > 0) {
                throw new MalformedException(
                        "%d bytes are left over after a %s".formatted(in.available(), type.getSimpleName()));
            }
            return type.cast(value);
        } catch (IOException e) {
            throw new MalformedException(
                    "a %s of %d bytes ends too early".formatted(type.getSimpleName(), bytes.length));
        } catch (RuntimeException e) {
            // A record's constructor, an Instant or a Duration says in its own way what cannot be.
            throw new MalformedException(
                    "a %s has an impossible content: %s".formatted(type.getSimpleName(), e.getMessage()));
        }
    }

    private static void write(DataOutputStream out, Type type, Object value) throws IOException {
        switch (value) {
            case String text -> writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
            case byte[] raw -> writeBytes(out, raw);
            case Long number -> out.writeLong(number);
            case Integer number -> out.writeInt(number);
            case Boolean flag -> out.writeBoolean(flag);
            case Instant at -> {
                out.writeLong(at.getEpochSecond());
                out.writeInt(at.getNano());
            }
            case Duration span -> {
                out.writeLong(span.getSeconds());
                out.writeInt(span.getNano());
            }
            case Enum<?> constant -> out.writeUTF(constant.name());
            case Collection<?> elements -> {
                out.writeInt(elements.size());
                for (var element : elements) {
                    write(out, argument(type, 0), element);
                }
            }
            case Map<?, ?> entries -> {
                out.writeInt(entries.size());
                for (var entry : entries.entrySet()) {
                    write(out, argument(type, 0), entry.getKey());
                    write(out, argument(type, 1), entry.getValue());
                }
            }
            case Record composed -> {
                if (raw(type).isSealed()) {
                    out.writeUTF(caseName(composed.getClass()));
                }
                writeRecord(out, composed);
            }
            default ->
                throw new IllegalArgumentException(
                        "%s cannot travel: it is neither record nor plain value".formatted(value.getClass()));
        }
    }

    private static void writeRecord(DataOutputStream out, Record composed) throws IOException {
        var shape = SHAPES.computeIfAbsent(composed.getClass(), WireCodec::shape);
        out.writeShort(shape.components.size());
        for (var component : shape.components) {
            write(out, component.type, readComponent(component.read, composed));
        }
    }

    private static void writeBytes(DataOutputStream out, byte[] raw) throws IOException {
        out.writeInt(raw.length);
        out.write(raw);
    }

    private static Object read(DataInputStream in, Type type, int depth) throws IOException, MalformedException {
        if (depth > 32) {
            throw new MalformedException("values are nested more than 32 deep");
        }
        var raw = raw(type);
        if (raw == String.class) {
            return new String(readBytes(in), StandardCharsets.UTF_8);
        } else if (raw == byte[].class) {
            return readBytes(in);
        } else if (raw == long.class) {
            return in.readLong();
        } else if (raw == int.class) {
            return in.readInt();
        } else if (raw == boolean.class) {
            return in.readBoolean();
        } else if (raw == Instant.class) {
            return Instant.ofEpochSecond(in.readLong(), in.readInt());
        } else if (raw == Duration.class) {
            return Duration.ofSeconds(in.readLong(), in.readInt());
        } else if (raw.isEnum()) {
            return constant(raw, in.readUTF());
        } else if (raw.isSealed()) {
            return readRecord(in, caseOf(raw, in.readUTF()), depth);
        } else if (raw.isRecord()) {
            return readRecord(in, raw, depth);
        }
        return readMany(in, type, raw, depth);
    }

    private static Object readMany(DataInputStream in, Type type, Class<?> raw, int depth)
            throws IOException, MalformedException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new MalformedException(
                    "a collection claims %d elements, %d bytes are left".formatted(count, in.available()));
        }
        if (Map.class.isAssignableFrom(raw)) {
            Map<Object, Object> entries = raw == SortedMap.class ? new TreeMap<>() : new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                entries.put(read(in, argument(type, 0), depth + 1), read(in, argument(type, 1), depth + 1));
            }
            return entries;
        }
        Collection<Object> elements = raw == SortedSet.class ? new TreeSet<>() : new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(read(in, argument(type, 0), depth + 1));
        }
        return elements;
    }

    private static Object readRecord(DataInputStream in, Class<?> raw, int depth)
            throws IOException, MalformedException {
        var shape = SHAPES.computeIfAbsent(raw, WireCodec::shape);
        int present = in.readShort();
        if (present < 0 || present > shape.components.size()) {
            throw new MalformedException("a %s has %d components, at most %d are known here"
                    .formatted(raw.getSimpleName(), present, shape.components.size()));
        }
        var values = new Object[shape.components.size()];
        for (int i = 0; i < values.length; i++) {
            var component = shape.components.get(i);
            values[i] = i < present ? read(in, component.type, depth + 1) : empty(component.type);
        }
        return make(shape.make, values);
    }

    private static Object emptyRecord(Class<?> raw) throws MalformedException {
        var shape = SHAPES.computeIfAbsent(raw, WireCodec::shape);
        var values = new Object[shape.components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = empty(shape.components.get(i).type);
        }
        return make(shape.make, values);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException, MalformedException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new MalformedException("a text claims %d bytes, %d are left".formatted(length, in.available()));
        }
        return in.readNBytes(length);
    }

    private static Object empty(Type type) throws MalformedException {
        var raw = raw(type);
        if (raw == String.class) {
            return "";
        } else if (raw == long.class) {
            return 0L;
        } else if (raw == int.class) {
            return 0;
        } else if (raw == boolean.class) {
            return false;
        } else if (raw == Duration.class) {
            return Duration.ZERO;
        } else if (raw == Instant.class) {
            return Instant.EPOCH;
        } else if (raw == byte[].class) {
            return new byte[0];
        } else if (raw == SortedMap.class) {
            return new TreeMap<>();
        } else if (raw == SortedSet.class) {
            return new TreeSet<>();
        } else if (raw == Map.class) {
            return Map.of();
        } else if (raw == List.class) {
            return List.of();
        } else if (raw.isRecord()) {
            return emptyRecord(raw);
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        throw new MalformedException(
                "a %s was added without an empty value to read old bytes with".formatted(raw.getSimpleName()));
    }

    private static Object constant(Class<?> raw, String name) throws MalformedException {
        for (var constant : raw.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new MalformedException("'%s' is no %s".formatted(shorten(name), raw.getSimpleName()));
    }

    private static Class<?> caseOf(Class<?> sealed, String name) throws MalformedException {
        var found = CASES.computeIfAbsent(sealed, WireCodec::cases).get(name);
        if (found == null) {
            throw new MalformedException("'%s' is no %s".formatted(shorten(name), sealed.getSimpleName()));
        }
        return found;
    }

    private static Map<String, Class<?>> cases(Class<?> sealed) {
        Map<String, Class<?>> cases = new TreeMap<>();
        for (var permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                cases.putAll(cases(permitted));
            } else {
                cases.put(caseName(permitted), permitted);
            }
        }
        return cases;
    }

    private static String caseName(Class<?> permitted) {
        return permitted.getSimpleName();
    }

    private static Shape shape(Class<?> raw) {
        try {
            var lookup = MethodHandles.privateLookupIn(raw, MethodHandles.lookup());
            var components = new ArrayList<Component>();
            for (RecordComponent component : raw.getRecordComponents()) {
                var read = lookup.unreflect(component.getAccessor())
                        .asType(MethodType.methodType(Object.class, Object.class));
                components.add(new Component(component.getGenericType(), read));
            }
            var types = Arrays.stream(raw.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            var make = lookup.findConstructor(raw, MethodType.methodType(void.class, types))
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
            return new Shape(List.copyOf(components), make);
        } catch (IllegalAccessException | NoSuchMethodException e) {
            throw new IllegalArgumentException("%s cannot travel: its module must open it".formatted(raw), e);
        }
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> (Class<?>) generic.getRawType();
            case GenericArrayType _ -> Object[].class;
            default -> throw new IllegalArgumentException(type + " cannot travel");
        };
    }

    private static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[index];
        }
        throw new IllegalArgumentException(type + " cannot travel without the types of its elements");
    }

    private static Object readComponent(MethodHandle read, Object composed) {
        try {
            return read.invokeExact(composed);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object make(MethodHandle make, Object[] values) {
        try {
            return make.invokeExact(values);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shorten(String text) {
        return text.length() > NAME_LIMIT ? text.substring(0, NAME_LIMIT) + "..." : text;
    }
}
