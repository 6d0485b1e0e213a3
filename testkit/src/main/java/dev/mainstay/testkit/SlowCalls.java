package dev.mainstay.testkit;

import dev.mainstay.protocol.ToService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What the monitor says of entry points that took too long.
///
/// **Threads:** any.
final class SlowCalls implements Consumer<ToService> {
    private static final Pattern WARNING = Pattern.compile("entry point '(\\w+)' of type '[^']*' took (\\d+) ms.*");

    private final Map<String, Long> millis = new TreeMap<>();

    @Override
    public synchronized void accept(ToService message) {
        if (message instanceof ToService.LogLine(var _, var _, var text)) {
            var warning = WARNING.matcher(text);
            if (warning.matches()) {
                millis.merge(warning.group(1), Long.valueOf(warning.group(2)), Math::max);
            }
        }
    }

    /// Entry points that took longer, with their milliseconds.
    synchronized List<String> over(Duration bound) {
        return millis.entrySet().stream()
                .filter(call -> call.getValue() > bound.toMillis())
                .map(call -> "%s %d ms".formatted(call.getKey(), call.getValue()))
                .toList();
    }
}
