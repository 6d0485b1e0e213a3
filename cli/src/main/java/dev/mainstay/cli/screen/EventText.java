package dev.mainstay.cli.screen;

import dev.mainstay.api.EventView;
import dev.mainstay.protocol.PlainText;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A fact in one line, such as `12:00:01 web-server failed (process exited with code 1)`.
public final class EventText {
    /// As many characters of one evidence are shown where several facts tell it.
    private static final int EVIDENCE = 160;

    private EventText() {}

    /// The line.
    public static String line(EventView event, ZoneId zone) {
        return Text.time(event.time(), zone, false) + " " + what(event);
    }

    /// The line where several tell of one matter: nothing is said twice in it, and evidence, which may be the
    /// output of a program, is cut. `events` has all of it.
    public static String brief(EventView event, ZoneId zone) {
        var detail = event.fields().getOrDefault("detail", "");
        var text = detail.length() > EVIDENCE
                ? event.text().replace(detail, detail.substring(0, EVIDENCE) + " ...")
                : event.text();
        var lead = "%s is %s on %s"
                .formatted(event.resource(), words(event.fields().getOrDefault("state", "")), event.node());
        var line = Text.time(event.time(), zone, false) + " ";
        if (!text.startsWith(lead)) {
            return line + what(event, text);
        }
        return line
                + PlainText.oneLine(
                        "%s %s%s".formatted(subject(event), happened(event), text.substring(lead.length())));
    }

    /// The line with the date.
    public static String dated(EventView event, ZoneId zone) {
        return Text.time(event.time(), zone, true) + " " + what(event);
    }

    /// The line without the time.
    static String what(EventView event) {
        return what(event, event.text());
    }

    private static String what(EventView event, String text) {
        var line = (subject(event) + " " + happened(event)).strip();
        var why = text.isEmpty() ? event.cause() : text;
        return PlainText.oneLine(why.isEmpty() ? line : line + " (" + why + ")");
    }

    private static String subject(EventView event) {
        return Stream.of(event.resource(), event.group(), event.node())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("cluster");
    }

    private static String happened(EventView event) {
        Map<String, String> fields = event.fields();
        var state = fields.getOrDefault("state", "");
        if (event.event().equals("ResourceObserved") && !state.isEmpty()) {
            return words(state);
        }
        if (event.event().equals("GroupMoving")) {
            return "moving to " + fields.getOrDefault("target", event.node());
        }
        if (event.event().equals("OwnerChanged")) {
            return "now on " + (event.node().isEmpty() ? fields.getOrDefault("owner", "") : event.node());
        }
        if (event.event().endsWith("Wanted") && !fields.isEmpty()) {
            return "wanted " + wanted(fields);
        }
        return afterSubject(event.event());
    }

    private static String wanted(Map<String, String> fields) {
        var online = fields.getOrDefault("online", "");
        return switch (online) {
            case "true" -> "online";
            case "false" -> "offline";
            default -> words(fields.getOrDefault("wanted", ""));
        };
    }

    /// `RestartScheduled` -> `restart scheduled`, `ResourceFailed` -> `failed`.
    private static String afterSubject(String kind) {
        var words = Stream.of(kind.split("(?<=[a-z])(?=[A-Z])")).collect(Collectors.toList());
        if (words.size() > 1 && words.getFirst().matches("Resource|Group|Node|Cluster")) {
            words.removeFirst();
        }
        return String.join(" ", words).toLowerCase(Locale.ROOT);
    }

    private static String words(String constant) {
        return constant.replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
