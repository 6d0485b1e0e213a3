package dev.mainstay.monitor.plugin;

import dev.mainstay.monitor.host.PropertyValues;
import dev.mainstay.protocol.Limits;
import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks what a type from outside says of itself before anybody relies on it: nothing missing, nothing twice,
/// nothing of absurd size, and defaults that the type itself would accept.
///
/// **Errors:** each check throws [RefusedException] with what is so and what is permitted.
public final class DescriptionCheck {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern PROPERTY = Pattern.compile("[a-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*)?");

    /// As names of resources.
    private static final int NAME_MAX = 63;

    private static final int VERSION_MAX = 64;
    private static final int HELP_MAX = 2_000;
    private static final int PROPERTIES_MAX = 200;
    private static final int CHOICES_MAX = 100;
    private static final int DEFAULTS_MAX = 100;
    private static final int VALUE_MAX = 4_096;
    private static final int CONTROLS_MAX = 100;
    private static final int DEPENDENCIES_MAX = 20;
    /// Shorter intervals and limits would keep a node busy or end calls that only waited for the processor.
    private static final Duration SHORTEST = Duration.ofMillis(100);
    /// Longer ones only hide a failure.
    private static final Duration LONGEST = Duration.ofDays(1);

    private DescriptionCheck() {}

    /// Checks a description.
    public static void check(@Nullable TypeDescription type) throws RefusedException {
        if (type == null) {
            throw new RefusedException("describe() returned null: it must return the type's description");
        }
        name("the type's name", type.name(), NAME);
        var _ = text("the version", type.version(), 1, VERSION_MAX);
        var _ = text("the help", type.help(), 1, HELP_MAX);
        properties("the type", type.properties());
        span("looksAliveInterval", type.looksAliveInterval());
        span("isAliveInterval", type.isAliveInterval());
        span("pendingTimeout", type.pendingTimeout());
        span("deadlockTimeout", type.deadlockTimeout());
        abilities(type.abilities());
        whole(type);
    }

    /// Each part is within its limit; together they are sent in one piece.
    private static void whole(TypeDescription type) throws RefusedException {
        long all = type.help().length() + characters(type.properties());
        for (var control : type.abilities().controls()) {
            all += control.help().length() + characters(control.input()) + characters(control.output());
        }
        if (all > Limits.DESCRIPTION) {
            throw new RefusedException("the whole description has %d characters: at most %d are permitted"
                    .formatted(all, Limits.DESCRIPTION));
        }
    }

    private static long characters(List<PropertyDescription> properties) {
        return properties.stream()
                .mapToLong(one -> one.name().length()
                        + one.help().length()
                        + characters(one.choices().stream())
                        + characters(one.defaultValue().stream()))
                .sum();
    }

    private static long characters(Stream<String> texts) {
        return texts.mapToLong(String::length).sum();
    }

    private static void properties(String whose, List<PropertyDescription> properties) throws RefusedException {
        most("properties of " + whose, properties.size(), PROPERTIES_MAX);
        Set<String> names = new HashSet<>();
        Set<String> sections = new HashSet<>();
        for (var property : properties) {
            property(property);
            if (!names.add(property.name())) {
                throw new RefusedException("property '%s' of %s is described twice".formatted(property.name(), whose));
            }
            int dot = property.name().indexOf('.');
            if (dot > 0) {
                sections.add(property.name().substring(0, dot));
            }
        }
        for (var section : sections) {
            if (names.contains(section)) {
                throw new RefusedException("'%s' of %s is a property and a section of others: it can be one of them"
                        .formatted(section, whose));
            }
        }
    }

    private static void property(PropertyDescription property) throws RefusedException {
        name("the name of a property", property.name(), PROPERTY);
        var name = "property '%s'".formatted(property.name());
        var _ = given("the kind of " + name, property.kind());
        var _ = given("when a change applies of " + name, property.applies());
        var _ = text("the help of " + name, property.help(), 0, HELP_MAX);
        most("choices of " + name, property.choices().size(), CHOICES_MAX);
        most("default values of " + name, property.defaultValue().size(), DEFAULTS_MAX);
        for (var value : property.choices()) {
            var _ = text("a choice of " + name, value, 1, VALUE_MAX);
        }
        for (var value : property.defaultValue()) {
            var _ = text("the default of " + name, value, 0, VALUE_MAX);
        }
        if ((property.kind() == Kind.CHOICE) != !property.choices().isEmpty()) {
            throw new RefusedException("%s is a %s and has %d choices: a CHOICE has some, and nothing else has"
                    .formatted(name, property.kind(), property.choices().size()));
        }
        if (property.minimum() > property.maximum()) {
            throw new RefusedException(
                    "%s permits %d to %d, which is nothing".formatted(name, property.minimum(), property.maximum()));
        }
        try {
            PropertyValues.checkDefault(property);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("the default of a property is none: " + e.getMessage());
        }
    }

    private static void abilities(@Nullable Abilities abilities) throws RefusedException {
        if (abilities == null) {
            throw new RefusedException("the abilities are missing: use Abilities.NONE");
        }
        var _ = text("the resource class", abilities.resourceClass(), 0, NAME_MAX);
        most("required dependencies", abilities.requiredDependencies().size(), DEPENDENCIES_MAX);
        for (var needed : abilities.requiredDependencies()) {
            name("a required dependency", needed, NAME);
        }
        most("controls", abilities.controls().size(), CONTROLS_MAX);
        Set<String> codes = new HashSet<>();
        for (var control : abilities.controls()) {
            control(control);
            if (!codes.add(control.object() + " " + control.code())) {
                throw new RefusedException("control '%s' is described twice".formatted(control.code()));
            }
        }
    }

    private static void control(ControlDescription control) throws RefusedException {
        name("the code of a control", control.code(), NAME);
        var name = "control '%s'".formatted(control.code());
        var _ = given("the object of " + name, control.object());
        var _ = given("the access of " + name, control.access());
        var _ = given("the origin of " + name, control.origin());
        var _ = text("the help of " + name, control.help(), 0, HELP_MAX);
        properties("the input of " + name, control.input());
        properties("the output of " + name, control.output());
        if (Controls.all().stream().anyMatch(standard -> standard.code().equals(control.code()))) {
            throw new RefusedException(name + " is a standard one: it is answered without being described");
        }
    }

    private static void name(String what, @Nullable String given, Pattern pattern) throws RefusedException {
        var text = text(what, given, 1, NAME_MAX);
        if (!pattern.matcher(text).matches()) {
            throw new RefusedException("%s is '%s': it must be of the form %s".formatted(what, text, pattern));
        }
    }

    private static String text(String what, @Nullable String given, int least, int most) throws RefusedException {
        var text = given(what, given);
        if (text.length() < least || text.length() > most) {
            throw new RefusedException(
                    "%s has %d characters: %d to %d are permitted".formatted(what, text.length(), least, most));
        }
        if (text.chars().anyMatch(one -> Character.isISOControl(one) && one != '\n')) {
            throw new RefusedException("%s holds control characters: use plain text".formatted(what));
        }
        return text;
    }

    private static void span(String what, @Nullable Duration given) throws RefusedException {
        var span = given(what, given);
        if (span.compareTo(SHORTEST) < 0 || span.compareTo(LONGEST) > 0) {
            throw new RefusedException("%s is %s: %s to %s are permitted".formatted(what, span, SHORTEST, LONGEST));
        }
    }

    private static void most(String what, int number, int most) throws RefusedException {
        if (number > most) {
            throw new RefusedException("there are %d %s: at most %d are permitted".formatted(number, what, most));
        }
    }

    private static <T> T given(String what, @Nullable T value) throws RefusedException {
        if (value == null) {
            throw new RefusedException(what + " is missing");
        }
        return value;
    }
}
