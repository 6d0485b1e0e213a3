package dev.mainstay.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The source tree the tests are part of.
final class SourceTree {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", ".idea", ".vscode");

    private SourceTree() {}

    /// The folder of the source checkout.
    static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mainstay")) && Files.exists(folder.resolve("dist/pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("tests run outside of a source checkout: no folder above '%s' holds mainstay"
                .formatted(Path.of("").toAbsolutePath()));
    }

    /// Every file of ours whose name ends so, sorted.
    static List<SourceFile> files(String... endings) {
        return files(root(), path -> Stream.of(endings).anyMatch(path.toString()::endsWith));
    }

    /// Java files of tests.
    static List<SourceFile> tests() {
        return files(root(), path -> path.toString().contains("/src/test/java/") && isJava(path));
    }

    /// Java files that are shipped.
    static List<SourceFile> shipped() {
        return files(root(), path -> path.toString().contains("/src/main/java/") && isJava(path));
    }

    private static boolean isJava(Path path) {
        return path.toString().endsWith(".java");
    }

    private static List<SourceFile> files(Path folder, Predicate<Path> wanted) {
        try (var children = Files.list(folder)) {
            return children.sorted()
                    .flatMap(child -> {
                        if (Files.isDirectory(child)) {
                            return NOT_OURS.contains(child.getFileName().toString())
                                    ? Stream.empty()
                                    : files(child, wanted).stream();
                        }
                        return wanted.test(child) ? Stream.of(SourceFile.read(child)) : Stream.empty();
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One file of the tree.
    ///
    /// @param path relative to the root
    record SourceFile(String path, List<String> lines) {
        SourceFile {
            lines = List.copyOf(lines);
        }

        static SourceFile read(Path file) {
            try {
                // Some broken manifests are no text: what cannot be read as text is replaced.
                var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                return new SourceFile(
                        root().relativize(file).toString(), text.lines().toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// The lines a predicate finds, each with path and line number.
        Stream<String> where(Predicate<String> found) {
            return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                    .filter(i -> found.test(lines.get(i)))
                    .map(i -> "%s:%d: %s".formatted(path, i + 1, lines.get(i).strip()));
        }

        String text() {
            return String.join("\n", lines);
        }
    }
}
