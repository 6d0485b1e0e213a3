package dev.mainstay.testkit.desk;

import dev.mainstay.monitor.plugin.PluginStore;
import dev.mainstay.monitor.plugin.RefusedException;
import dev.mainstay.protocol.PlainText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the commands of `mainstay type` have done in a process of its own, because it loads code of a type or
/// writes files: `try`, `install`, `upgrade`, `remove`, `new`.
public final class Main {
    private static final int DONE = 0;
    private static final int USAGE = 2;
    private static final int REFUSED = 3;

    private static final String HELP = """
            This is part of the commands 'mainstay type ...', which explain themselves:  mainstay type --help""";

    private Main() {}

    /// Runs one command and ends with its exit code.
    public static void main(String[] words) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            System.exit(run(List.of(words), out));
        } catch (RefusedException | IOException e) {
            System.err.println(PlainText.lines("%s: %s".formatted(asked(List.of(words)), words(e))));
            System.exit(REFUSED);
        }
    }

    private static String asked(List<String> words) {
        var operand = words.size() > 1 ? " '" + words.get(1) + "'" : "";
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "new" -> "make type" + operand;
            case "remove" -> "remove plugin" + operand;
            default -> words.getFirst() + operand;
        };
    }

    private static String words(Exception e) {
        return switch (e) {
            case AccessDeniedException denied ->
                "you may not read or write '%s'. Do it as the user of the cluster service.".formatted(denied.getFile());
            case FileAlreadyExistsException file -> "'%s' is a file, not a folder.".formatted(file.getFile());
            case RefusedException refused -> String.valueOf(refused.getMessage());
            default -> e.toString();
        };
    }

    private static int run(List<String> words, PrintStream out)
            throws IOException, RefusedException, InterruptedException {
        var line = Line.parse(words);
        if (line.isEmpty() || line.get().isIncomplete()) {
            out.println(HELP);
            return USAGE;
        }
        var given = line.get();
        var plugins = Path.of(given.option("--plugins").orElse(""));
        var store = new PluginStore(plugins);
        switch (given.verb()) {
            case "try" -> {
                return Desk.run(Path.of(given.operand()), given.option("--type"), given.properties(), System.in, out);
            }
            case "install", "upgrade" -> {
                var installed = store.install(Path.of(given.operand()));
                out.printf(
                        "Plugin '%s' is %s in '%s'. Types: %s.%n",
                        installed.plugin(),
                        installed.replaced() ? "upgraded" : "installed",
                        plugins,
                        String.join(", ", installed.types()));
                if (installed.replaced()) {
                    out.println("What is online of it goes on with the old code until it goes offline.");
                }
            }
            case "remove" -> {
                store.remove(given.operand());
                out.printf("Plugin '%s' is removed from '%s'.%n", given.operand(), plugins);
            }
            case "new" -> {
                var folder = Template.write(
                        given.operand(),
                        given.option("--example").orElse(Template.EXAMPLES.getFirst()),
                        Path.of(given.option("--dir").orElse(".")));
                out.printf("Written to %s. Build it and run its contract:  cd %s && mvn package%n", folder, folder);
            }
            default -> {
                out.println(HELP);
                return USAGE;
            }
        }
        return DONE;
    }

    /// The words of a command.
    private record Line(String verb, String operand, List<List<String>> options, List<String> properties) {
        static Optional<Line> parse(List<String> words) {
            if (words.isEmpty()) {
                return Optional.empty();
            }
            var options = new ArrayList<List<String>>();
            var properties = new ArrayList<String>();
            var operand = "";
            for (int i = 1; i < words.size(); i++) {
                var word = words.get(i);
                boolean valued = i + 1 < words.size();
                if (word.equals("-p") && valued) {
                    properties.add(words.get(++i));
                } else if (List.of("--plugins", "--dir", "--type", "--example").contains(word) && valued) {
                    options.add(List.of(word, words.get(++i)));
                } else if (word.startsWith("-") || !operand.isEmpty()) {
                    return Optional.empty();
                } else {
                    operand = word;
                }
            }
            return Optional.of(new Line(words.getFirst(), operand, options, properties));
        }

        boolean isIncomplete() {
            return operand.isEmpty()
                    || (List.of("install", "upgrade", "remove").contains(verb)
                            && option("--plugins").isEmpty());
        }

        Optional<String> option(String name) {
            return options.stream()
                    .filter(option -> option.getFirst().equals(name))
                    .map(List::getLast)
                    .findFirst();
        }
    }
}
