package dev.mainstay.monitor.host;

import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How a control ended.
sealed interface ControlResult {
    /// The longest answer in characters: an operator reads it, and it must fit into a frame many times.
    int OUTPUT_CHARACTERS_MAX = Limits.CONTROL_ANSWER;

    /// It was done.
    record Done(Map<String, List<String>> output) implements ControlResult {
        static final Done NOTHING = new Done(Map.of());
    }

    /// Neither the type nor the monitor knows it.
    record NotSupported(String words) implements ControlResult {}

    /// It failed or was refused.
    record Failed(String words) implements ControlResult {}

    /// What a type answered, copied, so that nothing in it can change or be missing on its way to the service.
    static ControlResult done(Map<String, List<String>> output) {
        if (output.isEmpty()) {
            return Done.NOTHING;
        }
        Map<String, List<String>> copy = new TreeMap<>();
        long characters = 0;
        for (var entry : output.entrySet()) {
            var values = List.copyOf(entry.getValue());
            copy.put(entry.getKey(), values);
            characters += entry.getKey().length()
                    + values.stream().mapToLong(String::length).sum();
        }
        return characters > OUTPUT_CHARACTERS_MAX
                ? new Failed("its answer has %d characters, at most %d may be sent. The type should answer with less."
                        .formatted(characters, OUTPUT_CHARACTERS_MAX))
                : new Done(copy);
    }

    /// This result as the service reads it.
    default ControlDone message(long id) {
        return switch (this) {
            case Done(var output) -> new ControlDone(id, Result.DONE, output, "");
            case NotSupported(var words) -> new ControlDone(id, Result.NOT_SUPPORTED, Map.of(), words);
            case Failed(var words) -> new ControlDone(id, Result.FAILED, Map.of(), words);
        };
    }
}
