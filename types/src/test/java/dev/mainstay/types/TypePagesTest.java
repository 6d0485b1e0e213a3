package dev.mainstay.types;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages of docs/types, one for each built-in type; `-Dmainstay.regenerate=true` writes them again.
class TypePagesTest {
    private static final Path PAGES = Path.of("../docs/types");

    static List<TypeDescription> types() {
        return ServiceLoader.load(ResourceType.class).stream()
                .map(type -> type.get().describe())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("types")
    void isPublishedAsItIs(TypeDescription type) throws IOException {
        var page = PAGES.resolve(type.name() + ".md");
        var text = text(type);
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.createDirectories(PAGES);
            Files.writeString(page, text);
        }

        assertThat(page)
                .as("run: mvn -pl types -am test -Dtest=TypePagesTest -Dmainstay.regenerate=true")
                .hasContent(text);
    }

    @Test
    void noPageIsLeftOfATypeThatIsGone() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            types().stream().map(type -> type.name() + ".md").toList());
        }
    }

    private static String text(TypeDescription type) {
        return """
                # Resource type `%s`

                %s

                Generated from the type's own description by `TypePagesTest`; `mainstay type show %s` says the same.
                How kinds of values are written is said in [manifests.md](../manifests.md#notation).

                | property | kind | default | limits | meaning |
                | --- | --- | --- | --- | --- |
                %s

                | time | default |
                | --- | --- |
                | `looksAliveInterval` | `%s` |
                | `isAliveInterval` | `%s` |
                | `pendingTimeout` | `%s` |
                | `deadlockTimeout` | `%s` |
                %s""".formatted(
                        type.name(),
                        type.help(),
                        type.name(),
                        type.properties().stream().map(TypePagesTest::row).collect(joining("\n")),
                        written(type.looksAliveInterval()),
                        written(type.isAliveInterval()),
                        written(type.pendingTimeout()),
                        written(type.deadlockTimeout()),
                        sections(type));
    }

    private static String row(PropertyDescription property) {
        return "| `%s` | %s | %s | %s | %s |"
                .formatted(
                        property.name(),
                        property.kind().name().toLowerCase(Locale.ROOT),
                        standard(property),
                        limits(property),
                        property.help());
    }

    private static String standard(PropertyDescription property) {
        if (property.required()) {
            return "required";
        }
        var value = property.defaultValue();
        return value.isEmpty() ? "none" : "`" + String.join(" ", value) + "`";
    }

    private static String limits(PropertyDescription property) {
        return switch (property.kind()) {
            case CHOICE ->
                property.choices().stream().map(text -> "`" + text + "`").collect(joining(", "));
            case INTEGER, DURATION, SIZE ->
                "`" + written(property.kind(), property.minimum()) + "` to `"
                        + written(property.kind(), property.maximum()) + "`";
            case TEXT, FLAG, LIST, MAP -> "";
        };
    }

    /// The sections that dots in names make, as they are written in a manifest.
    private static String sections(TypeDescription type) {
        var sections = new TreeMap<String, String>();
        for (var property : type.properties()) {
            var parts = property.name().split("\\.", 2);
            if (parts.length == 2) {
                sections.merge(parts[0], parts[1] + ": ...", (before, more) -> before + ", " + more);
            }
        }
        return sections.isEmpty()
                ? ""
                : "\nA name with a dot is written as a section:\n\n"
                        + sections.entrySet().stream()
                                .map(section -> "    " + section.getKey() + ": {" + section.getValue() + "}\n")
                                .collect(joining());
    }

    private static String written(Kind kind, long number) {
        return switch (kind) {
            case DURATION -> written(Duration.ofMillis(number));
            case SIZE -> inLargest(number, 1024, "B", "KiB", "MiB", "GiB", "TiB");
            default -> Long.toString(number);
        };
    }

    private static String written(Duration span) {
        long millis = span.toMillis();
        if (millis == 0 || millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = span.toSeconds();
        if (seconds % Duration.ofDays(1).toSeconds() == 0) {
            return span.toDays() + "d";
        }
        return inLargest(seconds, 60, "s", "min", "h");
    }

    private static String inLargest(long number, long step, String... units) {
        long left = number;
        int unit = 0;
        while (unit + 1 < units.length && left != 0 && left % step == 0) {
            left /= step;
            unit++;
        }
        return left + units[unit];
    }
}
