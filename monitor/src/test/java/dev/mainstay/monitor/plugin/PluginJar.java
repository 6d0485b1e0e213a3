package dev.mainstay.monitor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.spi.ResourceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/// A jar made by a test: compiled from sources, as an author's build makes it.
public final class PluginJar {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Manifest manifest = new Manifest();
    private final List<Path> libraries = new ArrayList<>();
    private int changedMajor;

    /// An empty jar.
    public PluginJar() {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    }

    /// A plugin with one type, a class `acme.Type` whose resources do nothing; `describe` and `online` are
    /// given as the bodies of these methods.
    public static PluginJar typed(String name, String describe, String online) {
        return new PluginJar().naming("acme.Type").source("acme.Type", """
                package acme;
                import dev.mainstay.spi.*;
                import java.util.List;
                public class Type implements ResourceType {
                    static final String NAME = "%s";
                    @Override public TypeDescription describe() { %s }
                    @Override public EntryPoints open(ResourceContext context) {
                        return new EntryPoints() {
                            @Override public Outcome online(Operation operation) throws ResourceFailure { %s }
                            @Override public Outcome offline(Operation operation) { return Outcome.DONE; }
                            @Override public void terminate(Reason reason) {}
                            @Override public Health looksAlive() { return Health.alive(); }
                            @Override public Health isAlive() { return Health.alive(); }
                            @Override public void close() {}
                        };
                    }
                }
                """.formatted(name, describe, online));
    }

    /// A plugin with one well-behaved type.
    public static PluginJar named(String name, String version) {
        return typed(
                name,
                "return TypeDescription.of(NAME, \"%s\", \"A type of a test.\", List.of());".formatted(version),
                "return Outcome.DONE;");
    }

    /// Adds a class.
    public PluginJar source(String type, String text) {
        sources.put(type, text);
        return this;
    }

    /// Adds a file.
    public PluginJar entry(String name, byte... content) {
        entries.put(name, content);
        return this;
    }

    /// Names types as resource types.
    public PluginJar naming(String... types) {
        return entry(
                "META-INF/services/" + ResourceType.class.getName(),
                String.join("\n", types).getBytes(StandardCharsets.UTF_8));
    }

    /// Sets an attribute of the manifest.
    public PluginJar attribute(String name, String value) {
        manifest.getMainAttributes().putValue(name, value);
        return this;
    }

    /// Compiles against a library.
    public PluginJar against(Path library) {
        libraries.add(library);
        return this;
    }

    /// Makes the classes claim another version of class files.
    public PluginJar claimingMajor(int major) {
        changedMajor = major;
        return this;
    }

    /// Writes the jar.
    public Path write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var work = Files.createTempDirectory("plugin");
        try (var out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (var entry : entries.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
            for (var type : compile(work)) {
                var bytes = Files.readAllBytes(type);
                if (changedMajor > 0) {
                    bytes[6] = (byte) (changedMajor >> 8);
                    bytes[7] = (byte) changedMajor;
                }
                put(out, work.resolve("out").relativize(type).toString(), bytes);
            }
        } finally {
            try (var walk = Files.walk(work)) {
                for (var one : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
        return file;
    }

    private List<Path> compile(Path work) throws IOException {
        if (sources.isEmpty()) {
            return List.of();
        }
        var path = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        libraries.forEach(library -> path.add(library.toString()));
        var line = new ArrayList<>(List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                String.join(":", path),
                "-d",
                work.resolve("out").toString()));
        for (var source : sources.entrySet()) {
            var file = work.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            line.add(Files.writeString(file, source.getValue()).toString());
        }
        var told = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, told, told, line.toArray(String[]::new));
        assertThat(result).as(told.toString(StandardCharsets.UTF_8)).isZero();
        try (var walk = Files.walk(work.resolve("out"))) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    /// Puts every file below a folder of plugins on its list.
    public static void allowAll(Path folder) throws IOException {
        var sums = new TreeMap<String, String>();
        try (var walk = Files.walk(folder)) {
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                if (!file.getFileName().toString().equals(Checksums.FILE)) {
                    sums.put(folder.relativize(file).toString(), Checksums.of(file));
                }
            }
        }
        Files.writeString(folder.resolve(Checksums.FILE), Checksums.text(sums));
    }
}
