package dev.mainstay.spi;

import java.util.List;

/// One private property as data.
///
/// A dot in the name makes a section: `check.http` is written as `check: {http: ...}` in a manifest.
///
/// @param name the property's name, camel case
/// @param kind how its value is written and checked
/// @param required whether a resource without it is refused
/// @param defaultValue the value used when it is not set, as written in a manifest; empty for none
/// @param choices the permitted texts of a [Kind#CHOICE], otherwise empty
/// @param minimum smallest value of a number, duration (in ms) or size (in bytes)
/// @param maximum largest value of a number, duration (in ms) or size (in bytes)
/// @param help what it does, for an operator
/// @param applies when a changed value takes effect
public record PropertyDescription(
        String name,
        Kind kind,
        boolean required,
        List<String> defaultValue,
        List<String> choices,
        long minimum,
        long maximum,
        String help,
        Applies applies) {
    /// When a changed value of an online resource takes effect.
    public enum Applies {
        /// At once: the type takes it by control `set-private-properties`.
        AT_ONCE,
        /// When the resource comes online the next time; running with the old value is in order.
        NEXT_ONLINE,
        /// Only after a restart, which should be soon: running with the old value is not what was asked for.
        AFTER_RESTART
    }

    /// How a value is written.
    public enum Kind {
        /// Any text.
        TEXT,
        /// A whole number.
        INTEGER,
        /// `true` or `false`.
        FLAG,
        /// A number with a unit: `250ms`, `5s`, `3min`, `1h`, `2d`.
        DURATION,
        /// A number with a unit: `512B`, `64KiB`, `10MiB`, `1GiB`.
        SIZE,
        /// One of a few texts.
        CHOICE,
        /// A list of texts.
        LIST,
        /// Texts by name.
        MAP
    }

    /// Copies the lists.
    public PropertyDescription {
        defaultValue = List.copyOf(defaultValue);
        choices = List.copyOf(choices);
    }

    /// An optional property of a kind without limits.
    public static PropertyDescription optional(String name, Kind kind, String help) {
        return new PropertyDescription(
                name, kind, false, List.of(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE, help, Applies.NEXT_ONLINE);
    }

    /// A property that must be set.
    public static PropertyDescription required(String name, Kind kind, String help) {
        return new PropertyDescription(
                name, kind, true, List.of(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE, help, Applies.NEXT_ONLINE);
    }

    /// This property with a default, written as in a manifest.
    public PropertyDescription withDefault(String... value) {
        return new PropertyDescription(name, kind, required, List.of(value), choices, minimum, maximum, help, applies);
    }

    /// This property with limits: plain numbers, milliseconds or bytes.
    public PropertyDescription within(long smallest, long largest) {
        return new PropertyDescription(name, kind, required, defaultValue, choices, smallest, largest, help, applies);
    }

    /// This property with its permitted texts.
    public PropertyDescription choosing(String... texts) {
        return new PropertyDescription(
                name, kind, required, defaultValue, List.of(texts), minimum, maximum, help, applies);
    }

    /// This property with another time at which a changed value takes effect.
    public PropertyDescription applying(Applies when) {
        return new PropertyDescription(name, kind, required, defaultValue, choices, minimum, maximum, help, when);
    }
}
