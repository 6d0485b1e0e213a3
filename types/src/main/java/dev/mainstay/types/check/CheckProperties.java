package dev.mainstay.types.check;

import static dev.mainstay.spi.PropertyDescription.optional;

import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import java.util.List;
import java.util.stream.Stream;

/// What `http` and `tcp` both have.
final class CheckProperties {
    private static final long MINUTE_MILLIS = 60_000;
    private static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;
    private static final int FAILURES_MAX = 1000;

    private static final List<PropertyDescription> ALL = List.of(
            optional(
                            "timeout",
                            Kind.DURATION,
                            "How long one check may take, the lookup of a name included: it has no limit of its own, and"
                                    + " what it leaves of the time is left for the connection. A check that takes"
                                    + " longer is undecided; the third bad one in a row means failed.")
                    .withDefault("5s")
                    .within(10, 10 * MINUTE_MILLIS),
            optional(
                            "startGrace",
                            Kind.DURATION,
                            "How long online waits for the check to succeed; then the start has failed.")
                    .withDefault("60s")
                    .within(100, DAY_MILLIS),
            optional(
                            "failuresBeforeDead",
                            Kind.INTEGER,
                            "How many checks in a row must fail before the resource counts as failed. Each one"
                                    + " before is a warning in the monitor's log.")
                    .withDefault("1")
                    .within(1, FAILURES_MAX));

    private CheckProperties() {}

    static List<PropertyDescription> behind(PropertyDescription... own) {
        return Stream.concat(Stream.of(own), ALL.stream()).toList();
    }
}
