package dev.mainstay.protocol;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a record travels: the number of its components, then the components.
final class WireRecord extends WireForm {
    private final Class<?> raw;
    // Found at the first use, since records may hold records like themselves; finding it twice does no harm.
    private volatile @Nullable Shape shape;

    WireRecord(Class<?> raw) {
        this.raw = raw;
    }

    private static final class Shape {
        private final WireForm[] forms;
        private final MethodHandle[] accessors;
        private final Constructor<?> make;

        Shape(Class<?> raw) {
            try {
                var lookup = MethodHandles.privateLookupIn(raw, MethodHandles.lookup());
                var components = raw.getRecordComponents();
                forms = new WireForm[components.length];
                accessors = new MethodHandle[components.length];
                for (int i = 0; i < components.length; i++) {
                    forms[i] = WireForm.of(components[i].getGenericType());
                    accessors[i] = lookup.unreflect(components[i].getAccessor())
                            .asType(MethodType.methodType(Object.class, Object.class));
                }
                var types =
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
                make = raw.getDeclaredConstructor(types);
                make.setAccessible(true);
            } catch (IllegalAccessException | NoSuchMethodException e) {
                throw new IllegalArgumentException("%s cannot travel: its module must open it".formatted(raw), e);
            }
        }

        Object component(int index, Object composed) {
            try {
                return accessors[index].invokeExact(composed);
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        Object made(Object[] values) {
            try {
                return make.newInstance(values);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException impossible) {
                    throw impossible;
                }
                throw new IllegalStateException(e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Shape shape() {
        var known = shape;
        if (known == null) {
            known = new Shape(raw);
            shape = known;
        }
        return known;
    }

    @Override
    void write(WireOutput out, Object value) {
        var known = shape();
        out.room(Short.BYTES).putShort((short) known.forms.length);
        for (int i = 0; i < known.forms.length; i++) {
            known.forms[i].write(out, known.component(i, value));
        }
    }

    @Override
    Object read(ByteBuffer in, int depth) throws MalformedException {
        checkDepth(depth);
        var known = shape();
        int present = in.getShort();
        if (present < 0 || present > known.forms.length) {
            throw new MalformedException("a %s has %d components, at most %d are known here"
                    .formatted(raw.getSimpleName(), present, known.forms.length));
        }
        var values = new Object[known.forms.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < present ? known.forms[i].read(in, depth + 1) : known.forms[i].empty();
        }
        return known.made(values);
    }

    @Override
    Object empty() throws MalformedException {
        var known = shape();
        var values = new Object[known.forms.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = known.forms[i].empty();
        }
        return known.made(values);
    }

    /// How a sealed alternative travels: the name of its case, then the record.
    static final class Cases extends WireForm {
        private final Class<?> sealed;
        private final Map<String, WireForm> byName = new HashMap<>();
        private final Map<Class<?>, WireForm> byClass = new HashMap<>();
        private final Map<Class<?>, byte[]> names = new HashMap<>();

        Cases(Class<?> sealed) {
            this.sealed = sealed;
            add(sealed);
        }

        private void add(Class<?> alternatives) {
            for (var permitted : alternatives.getPermittedSubclasses()) {
                if (permitted.isSealed()) {
                    add(permitted);
                } else {
                    var form = new WireRecord(permitted);
                    byName.put(permitted.getSimpleName(), form);
                    byClass.put(permitted, form);
                    names.put(permitted, nameBytes(permitted.getSimpleName()));
                }
            }
        }

        @Override
        void write(WireOutput out, Object value) {
            var form = byClass.get(value.getClass());
            var name = names.get(value.getClass());
            if (form == null || name == null) {
                throw new IllegalArgumentException(
                        "%s cannot travel: it is no %s".formatted(value.getClass(), sealed.getSimpleName()));
            }
            out.room(name.length).put(name);
            form.write(out, value);
        }

        @Override
        Object read(ByteBuffer in, int depth) throws MalformedException {
            checkDepth(depth);
            var name = name(in);
            var form = byName.get(name);
            if (form == null) {
                throw unknown(name, sealed);
            }
            return form.read(in, depth);
        }

        @Override
        Object empty() throws MalformedException {
            throw noEmpty(sealed);
        }
    }
}
