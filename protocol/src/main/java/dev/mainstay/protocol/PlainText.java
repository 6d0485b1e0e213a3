package dev.mainstay.protocol;

/// Makes text of a resource type, a program or a stranger harmless where it is shown: in a log, in evidence, on a
/// terminal.
///
/// What would steer a terminal, hide, or turn other text around is written out, such as `\x1b`: an operator
/// sees that it was there. Text that is only kept or sent stays as it is; JSON has escapes of its own.
public final class PlainText {
    /// Stands before each further line of a text in a log: no text can pass for a line of the log itself.
    private static final String FURTHER = "\n    | ";

    private static final int C1_FIRST = 0x7f;
    private static final int C1_LAST = 0x9f;
    private static final int BLANK = ' ';

    private PlainText() {}

    /// The text on one line; line breaks and the blanks around them become ` / `.
    public static String oneLine(String text) {
        var begin = text.strip();
        return escaped(isSimple(begin) ? begin : begin.replaceAll("\\s*\\R\\s*", " / "), false);
    }

    /// The text with its lines and tabs.
    public static String lines(String text) {
        return escaped(text, true);
    }

    /// The text for a log: its first line as it is, each further one behind a mark.
    public static String marked(String text) {
        var lines = lines(text.stripTrailing());
        return lines.indexOf('\n') < 0 ? lines : lines.replace("\n", FURTHER);
    }

    /// JSON text as any terminal may show it: what JSON may hold unescaped and a terminal would follow is escaped.
    public static String json(String json) {
        if (isSimple(json)) {
            return json;
        }
        var out = new StringBuilder(json.length() + 16);
        json.codePoints().forEach(point -> {
            if (point != '\n' && point != '\r' && point != '\t' && isHarmful(point)) {
                // Beyond the first plane JSON writes both halves of the pair.
                for (char unit : Character.toChars(point)) {
                    out.append("\\u%04x".formatted((int) unit));
                }
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }

    private static String escaped(String text, boolean keepLines) {
        if (isSimple(text)) {
            return text;
        }
        var unbroken = text.replace("\r\n", "\n");
        var out = new StringBuilder(unbroken.length() + 16);
        unbroken.codePoints().forEach(point -> {
            if ((keepLines && (point == '\n' || point == '\t')) || !isHarmful(point)) {
                out.appendCodePoint(point);
            } else {
                out.append(point <= C1_LAST ? "\\x%02x".formatted(point) : "\\u{%x}".formatted(point));
            }
        });
        return out.toString();
    }

    /// Nearly every text is printable ASCII.
    private static boolean isSimple(String text) {
        for (int i = 0; i < text.length(); i++) {
            int unit = text.charAt(i);
            if (unit < BLANK || unit >= C1_FIRST) {
                return false;
            }
        }
        return true;
    }

    /// Controls, formats that hide or turn text around, other ends of lines, and halves of a pair.
    private static boolean isHarmful(int point) {
        return point < BLANK
                || (point >= C1_FIRST && point <= C1_LAST)
                || switch (Character.getType(point)) {
                    case Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> true;
                    default -> false;
                };
    }
}
