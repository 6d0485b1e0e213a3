package dev.mainstay.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The private properties of a resource; defaults of the description are filled in, values have been checked.
///
/// **Errors:** asking for a name that the description does not have, or by another kind, is a bug of the type
/// and throws `IllegalArgumentException`.
public interface Properties {
    /// Whether the operator set it (a default does not count).
    boolean isSet(String name);

    /// A text or choice; empty when neither set nor defaulted.
    String text(String name);

    /// A whole number.
    long integer(String name);

    /// Yes or no.
    boolean flag(String name);

    /// A time span.
    Duration duration(String name);

    /// A number of bytes.
    long bytes(String name);

    /// A list of texts; empty when neither set nor defaulted.
    List<String> list(String name);

    /// Texts by name, in the order given; empty when neither set nor defaulted.
    Map<String, String> map(String name);
}
