package dev.mainstay.testkit.desk;

import dev.mainstay.monitor.plugin.RefusedException;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.SpiVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A project for a resource type: a small one that works, with its contract test.
///
/// It compiles against the jars of this installation, by their paths: no registry has them, and a copy in Maven's
/// own store would go stale with the next version.
public final class Template {
    /// What a project may begin with: a process that only sleeps, or a server that is awaited and asked.
    static final List<String> EXAMPLES = List.of("sleep", "daemon");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int NAME_MAX = 63;
    private static final String MAIN = "src/main/java/example/";
    private static final String TEST = "src/test/java/example/";

    private Template() {}

    /// Writes the project into a new folder.
    ///
    /// @param example what it begins with, one of [#EXAMPLES]
    /// @return the folder
    public static Path write(String name, String example, Path parent) throws IOException, RefusedException {
        if (!EXAMPLES.contains(example)) {
            throw new RefusedException("there is no example '%s': choose one of %s".formatted(example, EXAMPLES));
        }
        if (!NAME.matcher(name).matches() || name.length() > NAME_MAX) {
            throw new RefusedException(
                    "a type's name has lower-case letters, digits and single dashes, %d at most".formatted(NAME_MAX));
        }
        var folder = parent.toAbsolutePath().normalize().resolve(name);
        if (Files.exists(folder)) {
            throw new RefusedException(
                    "'%s' is there already. Choose another name, or another --dir.".formatted(folder));
        }
        var type = Arrays.stream(name.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", "pom.xml");
        files.put("README.md", "README.md");
        files.put(MAIN + type + "Type.java", example + "/Type.java.txt");
        files.put(MAIN + type + "Resource.java", example + "/Resource.java.txt");
        files.put(TEST + type + "ContractTest.java", example + "/ContractTest.java.txt");
        for (var file : files.entrySet()) {
            put(folder.resolve(file.getKey()), filled(read(file.getValue()), name, type));
        }
        put(
                folder.resolve("src/main/resources/META-INF/services").resolve(ResourceType.class.getName()),
                "example." + type + "Type\n");
        return folder;
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private static String read(String name) throws IOException {
        try (var in = Template.class.getResourceAsStream("template/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the template '%s' is missing in this build".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String filled(String text, String name, String type) {
        return text.replace("@NAME@", name)
                .replace("@CLASS@", type)
                .replace("@SPI@", Integer.toString(SpiVersion.NEWEST))
                .replace("@LIB@", library().toString())
                .replace("@JUNIT@", junit())
                .replace("@JARS@", jars());
    }

    /// The class path of this process, jar by jar.
    private static Iterable<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path", "").split(":"))
                .filter(path -> path.endsWith(".jar"))
                .map(path -> Path.of(path).toAbsolutePath().normalize())
                .toList();
    }

    private static Path library() {
        for (var jar : classPath()) {
            if (jar.getFileName().toString().startsWith("mainstay-testkit-")) {
                return jar.resolveSibling("").normalize();
            }
        }
        return Path.of("").toAbsolutePath();
    }

    private static String junit() {
        for (var jar : classPath()) {
            var file = jar.getFileName().toString();
            if (file.matches("junit-jupiter-[0-9].*\\.jar")) {
                return file.substring("junit-jupiter-".length(), file.length() - ".jar".length());
            }
        }
        return "6.1.3";
    }

    /// JUnit comes from the author's registry, as in any project: its runner asks for it by name there.
    private static String jars() {
        var text = new StringBuilder();
        for (var jar : classPath()) {
            var file = jar.getFileName().toString();
            if (!file.matches("(junit|opentest4j|apiguardian).*")) {
                text.append(
                        "    <dependency><groupId>installed</groupId><artifactId>%s</artifactId><version>any</version><scope>system</scope><systemPath>${mainstay.lib}/%s</systemPath></dependency>%n"
                                .formatted(file.replaceFirst("\\.jar$", ""), file));
            }
        }
        return text.toString().stripTrailing();
    }
}
