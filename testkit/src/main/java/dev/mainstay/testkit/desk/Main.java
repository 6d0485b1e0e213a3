package dev.mainstay.testkit.desk;

import dev.mainstay.monitor.plugin.PluginStore;
import dev.mainstay.monitor.plugin.RefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The commands of `mainstay type` that run code of a type or write files, and therefore not in the cluster's
/// service: `try`, `install`, `upgrade`, `remove`, `new`.
public final class Main {
    private static final int DONE = 0;
    private static final int USAGE = 2;
    private static final int REFUSED = 3;

    private static final Path PLUGINS = Path.of("/var/lib/mainstay/plugins");

    private static final String HELP = """
            mainstay type try JAR|FOLDER [--type NAME] [-p KEY=VALUE ...]
                runs one resource of a plugin's type alone, with a console of its calls
            mainstay type install JAR|FOLDER [--plugins DIR]
            mainstay type upgrade JAR|FOLDER [--plugins DIR]
                checks a plugin, copies it, allows it by its checksums, and tells the running service
            mainstay type remove NAME [--plugins DIR]
                takes a plugin out; what is open of it goes on until it is closed
            mainstay type new NAME [--dir DIR]
                writes a project for a type of your own, which builds and passes its contract as it is

            --plugins is %s unless given.""".formatted(PLUGINS);

    private Main() {}

    /// Runs one command and ends with its exit code.
    public static void main(String[] words) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            System.exit(run(List.of(words), out));
        } catch (RefusedException | IOException e) {
            out.println("mainstay type: " + (e instanceof RefusedException ? e.getMessage() : e.toString()));
            System.exit(REFUSED);
        }
    }

    private static int run(List<String> words, PrintStream out)
            throws IOException, RefusedException, InterruptedException {
        var line = Line.parse(words);
        if (line.isEmpty() || line.get().operand().isEmpty()) {
            out.println(HELP);
            return words.contains("--help") || words.contains("-h") ? DONE : USAGE;
        }
        var given = line.get();
        var store = new PluginStore(Path.of(given.option("--plugins").orElse(PLUGINS.toString())));
        switch (given.verb()) {
            case "try" -> {
                return Desk.run(Path.of(given.operand()), given.option("--type"), given.properties(), System.in, out);
            }
            case "install", "upgrade" -> {
                var installed = store.install(Path.of(given.operand()));
                out.printf(
                        "Plugin '%s' is %s. Types: %s.%n",
                        installed.plugin(),
                        installed.replaced() ? "upgraded" : "installed",
                        String.join(", ", installed.types()));
                if (installed.replaced()) {
                    out.println("What is online of it goes on with the old code until it goes offline.");
                }
            }
            case "remove" -> {
                store.remove(given.operand());
                out.printf("Plugin '%s' is removed.%n", given.operand());
            }
            case "new" -> {
                var folder = Template.write(
                        given.operand(), Path.of(given.option("--dir").orElse(".")));
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
                } else if (List.of("--plugins", "--dir", "--type").contains(word) && valued) {
                    options.add(List.of(word, words.get(++i)));
                } else if (word.startsWith("-") || !operand.isEmpty()) {
                    return Optional.empty();
                } else {
                    operand = word;
                }
            }
            return Optional.of(new Line(words.getFirst(), operand, options, properties));
        }

        Optional<String> option(String name) {
            return options.stream()
                    .filter(option -> option.getFirst().equals(name))
                    .map(List::getLast)
                    .findFirst();
        }
    }
}
