package dev.mainstay.monitor.entry;

import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import java.io.PrintStream;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/// What all types of a monitor share because they share its JVM: whoever changes it changes it for all. It is
/// compared after each call of an entry point, while it is known whose call that was, and put back.
///
/// **Threads:** any.
public final class SharedState {
    /// Names of properties that the JDK reads: a new one changes it for everybody, as a changed one does.
    private static final List<String> OF_THE_JDK =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "user.", "file.", "os.", "http.", "https.");

    private static volatile @Nullable SharedState kept;

    private final Thread.@Nullable UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    private final Locale locale = Locale.getDefault();
    private final Locale display = Locale.getDefault(Locale.Category.DISPLAY);
    private final Locale format = Locale.getDefault(Locale.Category.FORMAT);
    private final TimeZone zone = TimeZone.getDefault();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final java.io.InputStream in = System.in;
    private final java.util.Properties properties = System.getProperties();
    private final Map<Object, Object> values = new HashMap<>(properties);
    // Not before they are loaded: that takes longer than a monitor has for its start.
    private @Nullable List<Provider> providers;

    private SharedState() {}

    /// From now on what is shared shall stay as it is.
    public static void keep() {
        kept = new SharedState();
    }

    /// From now on it may become what it likes.
    static void forget() {
        kept = null;
    }

    /// The same for the security providers; takes some milliseconds the first time.
    public static void keepProviders() {
        var all = kept;
        if (all != null) {
            synchronized (all) {
                all.providers = List.of(Security.getProviders());
            }
        }
    }

    /// Puts back what is no longer as it was; answers what that was, in words, empty for nothing.
    public static String putBack() {
        var all = kept;
        if (all == null || all.isAsItWas()) {
            return "";
        }
        synchronized (all) {
            return Texts.cut(String.join("; ", all.changes()), Limits.TEXT);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very same objects are meant, and their equals may be a type's
    private boolean isAsItWas() {
        var known = providers;
        return Thread.getDefaultUncaughtExceptionHandler() == handler
                && Locale.getDefault() == locale
                && Locale.getDefault(Locale.Category.DISPLAY) == display
                && Locale.getDefault(Locale.Category.FORMAT) == format
                && zone.equals(TimeZone.getDefault())
                && System.out == out
                && System.err == err
                && System.in == in
                && System.getProperties() == properties
                && sameValues()
                && (known == null || Arrays.equals(Security.getProviders(), known.toArray()));
    }

    private synchronized boolean sameValues() {
        if (properties.size() != values.size()) {
            return false;
        }
        for (var entry : properties.entrySet()) {
            var before = values.get(entry.getKey());
            if (before == null || !before.equals(entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality")
    private List<String> changes() {
        var changes = new ArrayList<String>();
        var handlerNow = Thread.getDefaultUncaughtExceptionHandler();
        if (handlerNow != handler) {
            changes.add("the handler of uncaught exceptions became " + named(handlerNow));
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
        if (Locale.getDefault() != locale
                || Locale.getDefault(Locale.Category.DISPLAY) != display
                || Locale.getDefault(Locale.Category.FORMAT) != format) {
            changes.add("the locale became '%s'".formatted(Locale.getDefault()));
            Locale.setDefault(locale);
            Locale.setDefault(Locale.Category.DISPLAY, display);
            Locale.setDefault(Locale.Category.FORMAT, format);
        }
        if (!zone.equals(TimeZone.getDefault())) {
            changes.add(
                    "the time zone became '%s'".formatted(TimeZone.getDefault().getID()));
            TimeZone.setDefault(zone);
        }
        if (System.out != out) {
            changes.add("System.out became " + named(System.out));
            System.setOut(out);
        }
        if (System.err != err) {
            changes.add("System.err became " + named(System.err));
            System.setErr(err);
        }
        if (System.in != in) {
            changes.add("System.in became " + named(System.in));
            System.setIn(in);
        }
        if (System.getProperties() != properties) {
            changes.add("all system properties were replaced");
            System.setProperties(properties);
        }
        properties(changes);
        providers(changes);
        return changes;
    }

    private void properties(List<String> changes) {
        for (var name : List.copyOf(properties.keySet())) {
            var now = properties.get(name);
            var before = values.get(name);
            if (now == null || (before != null && before.equals(now))) {
                continue;
            }
            if (!(name instanceof String) || !(now instanceof String)) {
                // what is no text is nothing that a program could have meant, and its methods are a type's
                changes.add("a system property was set to what is no text");
                properties.remove(name);
            } else if (before != null) {
                changes.add("system property '%s' became '%s'".formatted(name, now));
                properties.put(name, before);
            } else if (OF_THE_JDK.stream().anyMatch(name.toString()::startsWith)) {
                changes.add("system property '%s' was set to '%s'".formatted(name, now));
                properties.remove(name);
            } else {
                changes.add("system property '%s' was set to '%s', which stays".formatted(name, now));
                values.put(name, now);
            }
        }
        for (var entry : List.copyOf(values.entrySet())) {
            if (!properties.containsKey(entry.getKey())) {
                changes.add("system property '%s' was removed".formatted(entry.getKey()));
                properties.put(entry.getKey(), entry.getValue());
            }
        }
    }

    private void providers(List<String> changes) {
        var known = providers;
        var now = List.of(Security.getProviders());
        if (known == null || now.equals(known)) {
            return;
        }
        changes.add("the security providers became "
                + now.stream().map(Provider::getName).toList());
        now.forEach(one -> Security.removeProvider(one.getName()));
        known.forEach(Security::addProvider);
    }

    private static String named(@Nullable Object one) {
        return Optional.ofNullable(one)
                .map(known -> "a '%s'".formatted(known.getClass().getName()))
                .orElse("none");
    }
}
