package dev.mainstay.monitor.plugin;

import dev.mainstay.spi.SpiVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The files of one plugin: a folder of jars and native libraries, or a single jar.
///
/// @param name the plugin's name: that of the folder, or of the jar without its ending
/// @param place the folder or the jar
/// @param sums SHA-256 of each file, by its path relative to the folder of plugins
record PluginFiles(String name, Path place, SortedMap<String, String> sums) {
    /// What a plugin may be called.
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /// Most files of a plugin; more than any program has libraries.
    private static final int FILES_MAX = 1_000;

    static PluginFiles of(Path folder, Path place) throws IOException, RefusedException {
        var file = place.getFileName().toString();
        var name = Files.isDirectory(place) ? file : file.replaceFirst("\\.jar$", "");
        if (!NAME.matcher(name).matches()) {
            throw new RefusedException(
                    "'%s' is no name for a plugin: use letters, digits, '.', '_' and '-', 100 at most".formatted(name));
        }
        var sums = new TreeMap<String, String>();
        for (var one : files(place)) {
            sums.put(folder.relativize(one).toString(), Checksums.of(one));
        }
        return new PluginFiles(name, place, sums);
    }

    private static List<Path> files(Path place) throws IOException, RefusedException {
        List<Path> all;
        try (var walk = Files.walk(place)) {
            all = walk.limit(FILES_MAX + 1L).sorted().toList();
        }
        if (all.size() > FILES_MAX) {
            throw new RefusedException(
                    "'%s' holds more than %d files: a plugin is its jars and libraries. Remove the rest."
                            .formatted(place, FILES_MAX));
        }
        var files = new ArrayList<Path>();
        for (var one : all) {
            Rights.check(one);
            if (Files.isRegularFile(one)) {
                files.add(one);
            } else if (!Files.isDirectory(one)) {
                throw new RefusedException("'%s' is neither file nor folder. Remove it.".formatted(one));
            }
        }
        return files;
    }

    /// The jars, the one beside the folder's own files first.
    List<Path> jars() throws IOException {
        try (var walk = Files.walk(place)) {
            return walk.filter(file -> file.toString().endsWith(".jar"))
                    .sorted(Comparator.comparingInt(Path::getNameCount).thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    /// Refuses files that nobody put on the list, and files that have changed since.
    void checkAllowed(Map<String, String> allowed) throws RefusedException {
        for (var file : sums.entrySet()) {
            var listed = allowed.get(file.getKey());
            if (listed == null) {
                throw new RefusedException(
                        "file '%s' with SHA-256 %s is not in the list '%s'. If it is what you want to run:  mainstay type install FILE"
                                .formatted(file.getKey(), file.getValue(), Checksums.FILE));
            }
            if (!listed.equals(file.getValue())) {
                throw new RefusedException(
                        "file '%s' has SHA-256 %s, the list '%s' says %s: it was changed after it was allowed. Install it again if the change is yours."
                                .formatted(file.getKey(), file.getValue(), Checksums.FILE, listed));
            }
        }
    }

    /// Refuses what cannot run in this JVM, without running any of it.
    void checkContent() throws IOException, RefusedException {
        var natives = new ArrayList<JarContent.Native>();
        boolean namesTypes = false;
        var jars = jars();
        for (var jar : jars) {
            var content = JarContent.read(jar);
            namesTypes |= content.namesTypes();
            natives.addAll(content.nativeCode());
            checkVersion(jar, content.spiVersion());
        }
        if (jars.isEmpty()) {
            throw new RefusedException("it holds no jar");
        }
        if (!namesTypes) {
            throw new RefusedException(
                    "none of its %d jars names a resource type in META-INF/services/dev.mainstay.spi.ResourceType: it is no plugin, or its build left that file out"
                            .formatted(jars.size()));
        }
        try (var walk = Files.walk(place)) {
            for (var file : walk.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".jar"))
                    .toList()) {
                natives.addAll(JarContent.readNative(file));
            }
        }
        checkNative(natives);
    }

    private static void checkVersion(Path jar, int version) throws RefusedException {
        if (version > SpiVersion.NEWEST || version < SpiVersion.OLDEST) {
            throw new RefusedException(
                    "'%s' was built against version %d of the resource type contract: this monitor speaks %d to %d. %s"
                            .formatted(
                                    jar,
                                    version,
                                    SpiVersion.OLDEST,
                                    SpiVersion.NEWEST,
                                    version > SpiVersion.NEWEST
                                            ? "Install a newer Mainstay, or an older version of the plugin."
                                            : "Install a newer version of the plugin."));
        }
    }

    /// A library may be there for several machines: one of each name must fit.
    private static void checkNative(List<JarContent.Native> natives) throws RefusedException {
        var here = NativeCode.ofThisJvm();
        Map<String, List<JarContent.Native>> byName = natives.stream()
                .collect(Collectors.groupingBy(
                        code -> code.name().replaceFirst(".*/", ""), TreeMap::new, Collectors.toList()));
        for (var same : byName.entrySet()) {
            if (same.getValue().stream().noneMatch(code -> code.made().equals(here))) {
                throw new RefusedException(
                        "native code '%s' is made for %s: this JVM loads %s. Install the plugin for this machine."
                                .formatted(
                                        same.getKey(),
                                        same.getValue().stream()
                                                .map(code -> code.made().words())
                                                .distinct()
                                                .collect(Collectors.joining("; ")),
                                        here.words()));
            }
        }
    }
}
