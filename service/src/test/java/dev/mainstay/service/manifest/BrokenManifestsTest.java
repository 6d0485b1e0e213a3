package dev.mainstay.service.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Broken manifests beside the texts they are refused with; `-Dmainstay.regenerate=true` rewrites the texts.
class BrokenManifestsTest {
    private static final Path FOLDER = Path.of("src/test/resources/manifests/broken");
    private static final int FEWEST = 50;
    private static final Map<String, String> VARIABLES =
            Map.of(Variables.JAVA, "/opt/jdk/bin/java", Variables.DIRECTORY, "/srv/manifests");

    static List<Path> manifests() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void isRefusedWithItsText(Path manifest) throws IOException {
        var golden = Path.of(manifest.toString().replace(".yaml", ".txt"));

        var text = read(manifest);

        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @Test
    void areManyAndEachHasItsText() throws IOException {
        assertThat(manifests()).hasSizeGreaterThan(FEWEST);
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".txt"))).hasSameSizeAs(manifests());
        }
    }

    private static String read(Path manifest) throws IOException {
        var name = String.valueOf(manifest.getFileName());
        return switch (ManifestReader.read(name, Files.readAllBytes(manifest), SampleTypes.all(), VARIABLES)) {
            case Reading.Good good -> "no problem: " + good.manifest() + "\n";
            case Reading.Broken broken ->
                broken.problems().stream()
                        .map(problem -> "%s:%d:%d: %s%n    %s%n"
                                .formatted(
                                        problem.file(),
                                        problem.line(),
                                        problem.column(),
                                        problem.message(),
                                        problem.advice()))
                        .collect(Collectors.joining());
        };
    }
}
