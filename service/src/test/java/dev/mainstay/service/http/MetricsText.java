package dev.mainstay.service.http;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads the text format 0.0.4 of Prometheus as strictly as its description: every line is known, each metric
/// has one HELP and one TYPE before its samples, which stand together, and no sample stands twice.
final class MetricsText {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|summary)");
    private static final Pattern SAMPLE =
            Pattern.compile("(" + NAME + ")(\\{" + LABEL + "(?:," + LABEL + ")*\\})? ([-+0-9.eE]+|NaN|[+-]Inf)");

    private final Map<String, Double> samples = new TreeMap<>();
    private final Set<String> begun = new HashSet<>();
    private String help = "";
    private String name = "";
    private String kind = "";

    private MetricsText() {}

    /// The values by name and labels as they stand there.
    static Map<String, Double> read(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        var reader = new MetricsText();
        text.lines().forEach(reader::line);
        return reader.samples;
    }

    private void line(String line) {
        var helpLine = HELP.matcher(line);
        var typeLine = TYPE.matcher(line);
        var sampleLine = SAMPLE.matcher(line);
        if (helpLine.matches()) {
            help = helpLine.group(1);
            check(begun.add(help), "it began before", line);
        } else if (typeLine.matches()) {
            name = typeLine.group(1);
            kind = typeLine.group(2);
            check(name.equals(help), "its help does not stand before it", line);
            check(kind.equals("counter") == name.endsWith("_total"), "only counters end in _total", line);
        } else if (sampleLine.matches()) {
            sample(line, sampleLine.group(1), sampleLine.group(2), sampleLine.group(3));
        } else {
            throw new AssertionError("no line of the format: " + line);
        }
    }

    private void sample(String line, String of, String labels, String value) {
        boolean own = of.equals(name);
        boolean ofSummary = kind.equals("summary") && (of.equals(name + "_count") || of.equals(name + "_sum"));
        check(own || ofSummary, "it does not stand with its metric", line);
        var known = labels == null ? "" : labels;
        boolean hasQuantile = known.contains("quantile=");
        check(hasQuantile == (own && kind.equals("summary")), "a summary alone has quantiles", line);
        check(samples.put(of + known, Double.valueOf(value)) == null, "it stands twice", line);
    }

    private static void check(boolean holds, String otherwise, String line) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + line);
        }
    }
}
