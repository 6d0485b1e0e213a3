package dev.mainstay.types.systemd;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceFailure;
import java.util.regex.Pattern;

/// Names of units as operators write them.
///
/// **Source:** systemd.unit(5): a name ends with one of these types; every other dot is part of it.
final class UnitName {
    private static final Pattern COMPLETE =
            Pattern.compile(".+\\.(service|socket|target|device|mount|automount|swap|timer|path|slice|scope|snapshot)");
    private static final Pattern PERMITTED = Pattern.compile("[A-Za-z0-9:_.\\\\@-]+");
    private static final Pattern TEMPLATE = Pattern.compile("[^@]+@\\.[a-z]+");
    private static final int LENGTH_MAX = 255;

    private UnitName() {}

    /// The whole name; a service when it names no type.
    static String of(String resource, String given) throws ResourceFailure {
        var name = COMPLETE.matcher(given).matches() ? given : given + ".service";
        if (!PERMITTED.matcher(name).matches() || name.length() > LENGTH_MAX) {
            throw new LastingFailure(
                    "opening '%s': unit '%s' is no name of a unit: it has letters, digits and :_.\\@- only, and %d characters at most. Correct it"
                            .formatted(resource, given, LENGTH_MAX));
        }
        if (TEMPLATE.matcher(name).matches()) {
            throw new LastingFailure(
                    "opening '%s': unit '%s' is a template, which cannot run itself. Name an instance of it, such as %s"
                            .formatted(resource, given, name.replace("@.", "@1.")));
        }
        return name;
    }
}
