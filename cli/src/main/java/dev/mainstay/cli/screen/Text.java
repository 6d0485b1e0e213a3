package dev.mainstay.cli.screen;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Small pieces of text, the same in every answer.
public final class Text {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Text() {}

    /// A state word in its colour; anything else as it is.
    static String coloured(String word) {
        var colour = colourOf(word);
        return colour.isEmpty() ? word : colour + word + "\u001b[0m";
    }

    private static String colourOf(String word) {
        return switch (word) {
            case "online", "up" -> "\u001b[32m";
            case "failed", "down" -> "\u001b[31m";
            case "partial online", "pending", "online pending", "offline pending", "stopping" -> "\u001b[33m";
            default -> "";
        };
    }

    /// Time of day of an ISO instant, with the date when `dated`; other text as it is.
    public static String time(String iso, ZoneId zone, boolean dated) {
        if (iso.isEmpty()) {
            return "";
        }
        try {
            return (dated ? DATE_TIME : TIME).format(Instant.parse(iso).atZone(zone));
        } catch (DateTimeException notATime) {
            // A newer service may write it differently: shown as it came.
            return iso;
        }
    }

    /// `one thing`, `2 things`.
    public static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
