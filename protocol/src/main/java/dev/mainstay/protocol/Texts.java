package dev.mainstay.protocol;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one place in which texts of resource types and programs are made fit to travel: cut to their limit, and
/// taken from exceptions whose own methods may throw, answer nothing, or lead in a circle.
///
/// **Threads:** any. Methods of an exception run on the thread that asks: a call that is watched should ask.
public final class Texts {
    private static final int CAUSES_MAX = 10;
    private static final int FRAMES_MAX = 60;
    private static final int FRAME = 300;

    private Texts() {}

    /// This text, or its beginning and how much of it is missing, in at most `max` characters; empty for none.
    public static String cut(@Nullable String text, int max) {
        if (text == null || text.length() <= max) {
            return text == null ? "" : text;
        }
        var end = " ... (cut: %d characters, at most %d are kept)".formatted(text.length(), max);
        int kept = Math.max(0, max - end.length());
        // half of a pair would be no character
        if (kept > 0 && Character.isHighSurrogate(text.charAt(kept - 1))) {
            kept--;
        }
        return kept == 0 ? text.substring(0, max) : text.substring(0, kept) + end;
    }

    /// What an exception says, whatever its own methods do; none when it says nothing.
    public static @Nullable String message(Throwable thrown) {
        try {
            var message = thrown.getMessage();
            return message == null ? null : cut(message, Limits.TEXT);
        } catch (Throwable hostile) {
            return "(its message cannot be had: getMessage threw %s)"
                    .formatted(hostile.getClass().getName());
        }
    }

    /// An exception in a line: its class, and what it says.
    public static String of(Throwable thrown) {
        var message = message(thrown);
        var name = cut(thrown.getClass().getName(), FRAME);
        return message == null ? name : cut(name + ": " + message, Limits.TEXT);
    }

    /// Where an exception was made; nothing when it does not say.
    public static List<String> frames(Throwable thrown) {
        return frames(thrown, FRAMES_MAX);
    }

    /// The first frames of where an exception was made; nothing when it does not say.
    public static List<String> frames(Throwable thrown, int max) {
        try {
            var stack = thrown.getStackTrace();
            return stack == null ? List.of() : frames(stack, max);
        } catch (Throwable hostile) {
            return List.of("(its stack cannot be had: getStackTrace threw %s)"
                    .formatted(hostile.getClass().getName()));
        }
    }

    /// The first frames of a stack.
    public static List<String> frames(StackTraceElement[] stack, int max) {
        return java.util.Arrays.stream(stack)
                .limit(max)
                .map(frame -> cut(String.valueOf(frame), FRAME))
                .toList();
    }

    /// An exception with its causes and where each was made, in at most `max` characters.
    public static String trace(Throwable thrown, int max) {
        var text = new StringBuilder();
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        Throwable next = thrown;
        for (int i = 0; next != null && text.length() < max; i++) {
            text.append(i == 0 ? "" : "caused by ").append(of(next)).append('\n');
            if (!seen.add(next) || i == CAUSES_MAX) {
                text.append("(and so on: its causes lead in a circle or go on)\n");
                break;
            }
            frames(next).forEach(frame -> text.append("    at ").append(frame).append('\n'));
            next = cause(next);
        }
        return cut(text.toString(), max);
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable hostile) {
            return null;
        }
    }

    /// A report whose texts are within their limits.
    public static HeldResource cut(HeldResource held) {
        var conditions = held.conditions();
        return new HeldResource(
                held.resource(),
                held.state(),
                held.sequence(),
                held.epoch(),
                held.attempt(),
                held.specRevision(),
                cut(held.checkpoint(), Limits.CHECKPOINT),
                cut(held.detail(), Limits.TEXT),
                held.seenAtMicros(),
                held.changedAtMicros(),
                new HeldResource.Conditions(
                        cut(conditions.locked(), Limits.LINE),
                        cut(conditions.embeddedFailure(), Limits.TEXT),
                        cut(conditions.networkLoss(), Limits.TEXT),
                        cut(conditions.ignoredFailure(), Limits.TEXT),
                        conditions.published(),
                        conditions.lasting()));
    }

    /// A message of a monitor whose texts are within their limits; the types' descriptions are looked at when they
    /// are loaded.
    public static ToService cut(ToService message) {
        return switch (message) {
            case ToService.Report(var held) -> new ToService.Report(cut(held));
            case ToService.Inventory(var types, var held, var refused) ->
                new ToService.Inventory(types, held.stream().map(Texts::cut).toList(), lines(refused));
            case ToService.InventoryPart(var types, var held, var refused) ->
                new ToService.InventoryPart(types, held.stream().map(Texts::cut).toList(), lines(refused));
            case ToService.ControlDone(var id, var result, var output, var error) ->
                new ToService.ControlDone(id, result, output, cut(error, Limits.TEXT));
            case ToService.Query(var id, var resource, var what, var name, var value) ->
                new ToService.Query(id, resource, what, cut(name, Limits.LINE), value);
            case ToService.Doomed(var why) -> new ToService.Doomed(cut(why, Limits.TEXT));
            case ToService.Deadlocked(var resource, var type, var call, var since, var limit, var file, var summary) ->
                new ToService.Deadlocked(resource, type, call, since, limit, file, cut(summary, Limits.TEXT));
            case ToService.LogLine(var level, var resource, var text) ->
                new ToService.LogLine(level, resource, cut(text, Limits.LOG_LINE));
            case ToService.Hello _,
                    ToService.Beat _,
                    ToService.Closed _,
                    ToService.ControlExtended _,
                    ToService.Measures _ -> message;
        };
    }

    private static List<String> lines(List<String> texts) {
        return texts.stream().map(text -> cut(text, Limits.LINE)).toList();
    }
}
