package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.service.manifest.Quantity;
import dev.mainstay.service.manifest.Spelling;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The parameters of one request, each known to its path and given once.
final class Query {
    /// Longer than this nobody waits on one connection.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /// Reads what stands behind the question mark.
    ///
    /// **Errors:** `BAD_INPUT` for a parameter that is not permitted, given twice, or badly encoded.
    static Query of(String raw, List<String> permitted) {
        var values = new HashMap<String, String>();
        for (var part : raw.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            var equals = part.indexOf('=');
            var name = decode(equals < 0 ? part : part.substring(0, equals));
            if (!permitted.contains(name)) {
                throw bad("the parameter '%s' is not known here".formatted(name), Spelling.advice(name, permitted));
            }
            if (values.put(name, equals < 0 ? "true" : decode(part.substring(equals + 1))) != null) {
                throw bad("the parameter '%s' stands twice".formatted(name), "Give it once.");
            }
        }
        return new Query(values);
    }

    /// All but how long to wait: that may differ when a request is repeated.
    String withoutWait() {
        var rest = new TreeMap<>(values);
        rest.remove("wait");
        return rest.toString();
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean flag(String name) {
        return switch (values.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw bad("the parameter '%s' is '%s'".formatted(name, values.get(name)), "Write true or false.");
        };
    }

    int count(String name, int otherwise, int most) {
        var text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw bad(
                    "the parameter '%s' is '%s'".formatted(name, text),
                    "Write a whole number from 1 to %d.".formatted(most));
        }
        return Integer.parseInt(text);
    }

    Duration wait(String name) {
        var text = values.get(name);
        if (text == null) {
            return Duration.ZERO;
        }
        return switch (Quantity.duration(text)) {
            case Quantity.Wrong wrong ->
                throw bad("the parameter '%s': %s".formatted(name, wrong.message()), wrong.advice());
            case Quantity.Amount amount -> {
                if (amount.value() > LONGEST_WAIT.toMillis()) {
                    throw bad(
                            "the parameter '%s' is '%s'".formatted(name, text),
                            "Write at most %s.".formatted(Quantity.text(LONGEST_WAIT)));
                }
                yield Duration.ofMillis(amount.value());
            }
        };
    }

    static ClusterException bad(String message, String advice) {
        return new ClusterException(ErrorCode.BAD_INPUT, message, advice);
    }

    private static String decode(String raw) {
        try {
            var text = URLDecoder.decode(raw, StandardCharsets.UTF_8);
            if (text.indexOf('\uFFFD') < 0) {
                return text;
            }
        } catch (IllegalArgumentException notEncoded) {
            throw badEncoding(raw);
        }
        throw badEncoding(raw);
    }

    private static ClusterException badEncoding(String raw) {
        return bad("'%s' is not well encoded".formatted(raw), "Write %XX for the bytes of UTF-8 text.");
    }
}
