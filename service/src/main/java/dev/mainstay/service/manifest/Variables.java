package dev.mainstay.service.manifest;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/// Fills in `${name}` in the texts of properties; `$$` is a dollar sign.
public record Variables(Map<String, String> values) {
    /// The folder of the manifest, as the client names it.
    public static final String DIRECTORY = "manifest.directory";

    /// The java launcher that runs the cluster service.
    public static final String JAVA = "mainstay.java";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\{([^}]*)}");

    /// Copies the values.
    public Variables {
        values = Map.copyOf(values);
    }

    String fill(String text, Node place, Problems problems) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            var name = match.group(1);
            if (name == null) {
                return Matcher.quoteReplacement("$");
            }
            var value = values.get(name);
            if (value == null) {
                problems.at(
                        place,
                        "the variable '${%s}' is not known".formatted(name),
                        Spelling.advice(name, values.keySet())
                                + " A dollar sign of your own before '{' is written '$$'.");
            }
            return Matcher.quoteReplacement(value == null ? match.group() : value);
        });
    }
}
