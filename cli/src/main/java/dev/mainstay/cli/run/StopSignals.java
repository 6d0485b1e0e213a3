package dev.mainstay.cli.run;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Ctrl-C and its relatives.
///
/// A shutdown hook would not do: the JDK tells it of the first Ctrl-C only, and a second one has a meaning here.
/// `sun.misc.Signal` has no successor, and the compiler's warning about it cannot be switched off where warnings
/// are errors: so it is called by name.
final class StopSignals {
    private StopSignals() {}

    /// Tells `listener` of each one, on a thread of the JDK.
    static void tell(Runnable listener) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> answer(self, method.getName(), arguments, listener));
            var handle = signal.getMethod("handle", signal, handler);
            for (var name : new String[] {"INT", "TERM", "HUP"}) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this JDK has no sun.misc.Signal", changed);
        }
    }

    private static @Nullable Object answer(
            Object self, String method, @Nullable Object @Nullable [] arguments, Runnable listener) {
        return switch (method) {
            case "handle" -> {
                listener.run();
                yield null;
            }
            case "equals" ->
                arguments != null && System.identityHashCode(self) == System.identityHashCode(arguments[0]);
            case "hashCode" -> System.identityHashCode(self);
            default -> "the stop signals of mainstay run";
        };
    }
}
