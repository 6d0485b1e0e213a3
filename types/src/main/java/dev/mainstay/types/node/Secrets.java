package dev.mainstay.types.node;

import java.util.Map;
import java.util.regex.Pattern;

/// Takes out of a text what must not stand in events and logs, which more people read than the settings.
public final class Secrets {
    private static final String HIDDEN = "***";
    private static final Pattern NAME =
            Pattern.compile(".*(pass|secret|token|credential|private|api_?key).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ASSIGNED = Pattern.compile(
            "([\\w.-]*(?:pass|secret|token|credential|api_?key)[\\w.-]*\\s*[=:]\\s*)[^\\s,;]+",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern USER = Pattern.compile("//[^/\\s@:]*:[^/\\s@]*@");
    /// A shorter value would take letters out of other words.
    private static final int VALUE_MIN = 4;

    private Secrets() {}

    /// The text without values that are assigned to passwords and the like, and without the users of URLs.
    public static String hidden(String text) {
        return USER.matcher(ASSIGNED.matcher(text).replaceAll("$1" + HIDDEN)).replaceAll("//" + HIDDEN + "@");
    }

    /// The same, also without the values of these settings whose names say that they are secret.
    public static String hidden(String text, Map<String, String> settings) {
        var rest = text;
        for (var setting : settings.entrySet()) {
            if (NAME.matcher(setting.getKey()).matches() && setting.getValue().length() >= VALUE_MIN) {
                rest = rest.replace(setting.getValue(), HIDDEN);
            }
        }
        return hidden(rest);
    }
}
