package dev.mainstay.types;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The reference of the contract in docs/resource-types.md; `-Dmainstay.regenerate=true` writes it again.
class ContractPageTest {
    private static final Path PAGE = Path.of("../docs/resource-types.md");
    private static final Path SOURCES = Path.of("../spi/src/main/java/dev/mainstay/spi");
    private static final String BEGIN = "<!-- begin of what ContractPageTest writes -->\n";
    private static final String END = "<!-- end of what ContractPageTest writes -->\n";

    /// What an author meets first comes first; the rest follows by name.
    private static final List<String> FIRST = List.of(
            "ResourceType",
            "TypeDescription",
            "PropertyDescription",
            "EntryPoints",
            "ResourceContext",
            "Properties",
            "Operation",
            "Progress",
            "Outcome",
            "Health",
            "ResourceFailure",
            "Processes");

    @Test
    void listsEveryTypeOfTheContractWithItsSignature() throws Exception {
        var page = Files.readString(PAGE);
        var before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        var after = page.substring(page.indexOf(END));
        var text = before + reference() + after;
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(PAGE, text);
        }

        assertThat(PAGE)
                .as("run: mvn -pl types -am test -Dtest=ContractPageTest -Dmainstay.regenerate=true")
                .hasContent(text);
        assertThat(text).contains("Outcome online(Operation operation) throws ResourceFailure");
    }

    private static String reference() throws IOException, ClassNotFoundException {
        var text = new StringBuilder();
        for (var name : names()) {
            var type = Class.forName(ResourceType.class.getPackageName() + "." + name);
            text.append("\n### `")
                    .append(name)
                    .append("`\n\n")
                    .append(sentence(name))
                    .append("\n\n");
            signature(type, "").forEach(line -> text.append("    ").append(line).append('\n'));
        }
        return text.append('\n').toString();
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.equals("package-info.java"))
                    .map(file -> file.replace(".java", ""))
                    .sorted(Comparator.comparingInt(
                                    (String name) -> FIRST.contains(name) ? FIRST.indexOf(name) : FIRST.size())
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    /// The first sentence of its documentation.
    private static String sentence(String name) throws IOException {
        return Files.readAllLines(SOURCES.resolve(name + ".java")).stream()
                .dropWhile(line -> !line.startsWith("///"))
                .takeWhile(line -> line.startsWith("/// "))
                .map(line -> line.substring(4))
                .takeWhile(line -> !line.startsWith("@param") && !line.startsWith("**"))
                .collect(joining("\n"));
    }

    private static List<String> signature(Class<?> type, String indent) {
        var lines = new ArrayList<String>();
        lines.add(indent + head(type));
        if (type.isEnum()) {
            lines.add(indent + "    "
                    + Arrays.stream(type.getEnumConstants())
                            .map(Object::toString)
                            .collect(joining(", ")));
        }
        Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !isGiven(type, method))
                .map(ContractPageTest::line)
                .sorted()
                .forEach(line -> lines.add(indent + "    " + line));
        Arrays.stream(type.getDeclaredClasses())
                .filter(nested -> Modifier.isPublic(nested.getModifiers()))
                .sorted(Comparator.comparing(Class::getSimpleName))
                .forEach(nested -> lines.addAll(signature(nested, indent + "    ")));
        return lines;
    }

    private static String head(Class<?> type) {
        if (type.isRecord()) {
            return "record %s(%s)"
                    .formatted(
                            type.getSimpleName(),
                            Arrays.stream(type.getRecordComponents())
                                    .map(ContractPageTest::component)
                                    .collect(joining(", ")));
        }
        var kind = type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        return (type.isSealed() ? "sealed " : "") + kind + " " + type.getSimpleName();
    }

    private static String component(RecordComponent component) {
        return plain(component.getGenericType().getTypeName()) + " " + component.getName();
    }

    /// What every enum and every record has is not worth a line.
    private static boolean isGiven(Class<?> type, Method method) {
        var ofEnum = type.isEnum() && List.of("values", "valueOf").contains(method.getName());
        var ofRecord = type.isRecord()
                && (List.of("equals", "hashCode", "toString").contains(method.getName())
                        || Arrays.stream(type.getRecordComponents())
                                .anyMatch(component -> component.getAccessor().equals(method)));
        return ofEnum || ofRecord;
    }

    private static String line(Method method) {
        var modifier = Modifier.isStatic(method.getModifiers()) ? "static " : method.isDefault() ? "default " : "";
        var parameters = Arrays.stream(method.getParameters())
                .map(ContractPageTest::parameter)
                .collect(joining(", "));
        var thrown = Arrays.stream(method.getGenericExceptionTypes())
                .map(type -> plain(type.getTypeName()))
                .collect(joining(", "));
        return "%s%s %s(%s)%s"
                .formatted(
                        modifier,
                        plain(method.getGenericReturnType().getTypeName()),
                        method.getName(),
                        parameters,
                        thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String parameter(Parameter parameter) {
        return plain(parameter.getParameterizedType().getTypeName()) + " " + parameter.getName();
    }

    private static String plain(String type) {
        return type.replaceAll("([a-z]+\\.)+(?=[A-Z])", "").replace('$', '.');
    }
}
