package dev.mainstay.monitor.plugin;

import dev.mainstay.monitor.host.TypeSource;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The built-in types, and those of a folder of plugins: each a jar, or a folder with its jars and libraries.
///
/// A plugin that changed is loaded beside the one before: whoever opens an instance from then on gets the new
/// code, instances that are open go on with the old. When the new one is refused the old one stays in use.
///
/// **Threads:** one at a time.
/// **Source:** ADR 0014.
public final class Plugins implements TypeSource {
    private final List<Found> builtIn = new ArrayList<>();
    private final Optional<Path> folder;
    private final long firstUseMillis;
    private final SortedMap<String, Loaded> loaded = new TreeMap<>();

    /// @param sums what it was when it was loaded
    private record Loaded(SortedMap<String, String> sums, PluginCode code, List<Found> types) {}

    /// @param builtIn types of the monitor's own class path
    /// @param folder where plugins are, if there are any; it need not exist
    public Plugins(Iterable<ResourceType> builtIn, Optional<Path> folder) {
        this(builtIn, folder, FirstUse.LIMIT_MILLIS);
    }

    Plugins(Iterable<ResourceType> builtIn, Optional<Path> folder, long firstUseMillis) {
        this.firstUseMillis = firstUseMillis;
        builtIn.forEach(type -> this.builtIn.add(Found.builtIn(type)));
        this.folder = folder.map(path -> path.toAbsolutePath().normalize());
    }

    @Override
    public Look look() {
        var refused = new ArrayList<String>();
        if (folder.isPresent()) {
            try {
                load(folder.get(), refused);
            } catch (RefusedException | IOException e) {
                refused.add("plugins in '%s': %s".formatted(folder.get(), words(e)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        var types = new ArrayList<>(builtIn);
        loaded.values().forEach(plugin -> types.addAll(plugin.types()));
        return new Look(types, refused);
    }

    private void load(Path from, List<String> refused) throws IOException, RefusedException, InterruptedException {
        if (Files.notExists(from)) {
            keepOnly(Set.of());
            return;
        }
        Rights.check(from);
        Rights.checkAbove(from);
        var allowed = Checksums.read(from);
        Set<String> there = new HashSet<>();
        for (var place : places(from)) {
            var name = place.getFileName().toString();
            try {
                var files = PluginFiles.of(from, place);
                if (!there.add(files.name())) {
                    throw new RefusedException("a folder and a jar have this name: remove one of them");
                }
                load(files, allowed);
            } catch (RefusedException | IOException e) {
                there.add(name.replaceFirst("\\.jar$", ""));
                refused.add("plugin '%s': %s".formatted(name, words(e)));
            }
        }
        keepOnly(there);
    }

    /// Jars and folders; what begins with a dot is being written or removed.
    private static List<Path> places(Path from) throws IOException {
        try (var list = Files.list(from)) {
            return list.filter(place -> !place.getFileName().toString().startsWith("."))
                    .filter(place ->
                            Files.isDirectory(place) || place.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private void load(PluginFiles files, Map<String, String> allowed)
            throws IOException, RefusedException, InterruptedException {
        var before = loaded.get(files.name());
        boolean unchanged = before != null && before.sums().equals(files.sums());
        try {
            files.checkAllowed(allowed);
        } catch (RefusedException e) {
            if (unchanged) {
                retire(files.name()); // the very code that runs was taken off the list
            }
            throw e;
        }
        if (unchanged) {
            return;
        }
        var fresh = loadedFrom(files, firstUseMillis);
        try {
            checkNames(files.name(), fresh.types());
        } catch (RefusedException e) {
            fresh.code().close();
            throw e;
        }
        loaded.put(files.name(), fresh);
        if (before != null) {
            before.code().retire();
        }
    }

    /// Loads a plugin to see whether it could be used; it is not used.
    ///
    /// @return the names of its types
    static List<String> tryOut(PluginFiles files) throws IOException, RefusedException, InterruptedException {
        var fresh = loadedFrom(files, FirstUse.LIMIT_MILLIS);
        fresh.code().close();
        return fresh.types().stream().map(found -> found.description().name()).toList();
    }

    private static Loaded loadedFrom(PluginFiles files, long limitMillis)
            throws IOException, RefusedException, InterruptedException {
        files.checkContent();
        var code = new PluginCode(files.name(), files.jars());
        try {
            var types = FirstUse.of(files.name(), code.loader(), limitMillis).stream()
                    .map(type -> new Found(
                            type.type(), type.description(), files.place().toString(), code))
                    .toList();
            if (types.isEmpty()) {
                throw new RefusedException("its file META-INF/services/dev.mainstay.spi.ResourceType names no type");
            }
            return new Loaded(files.sums(), code, types);
        } catch (RefusedException | InterruptedException | RuntimeException e) {
            code.close();
            throw e;
        }
    }

    private void checkNames(String plugin, List<Found> types) throws RefusedException {
        Set<String> own = new HashSet<>();
        for (var type : types) {
            var name = type.description().name();
            if (!own.add(name)) {
                throw new RefusedException("it has two types named '%s'".formatted(name));
            }
            if (builtIn.stream().anyMatch(other -> other.description().name().equals(name))) {
                throw new RefusedException("its type '%s' has the name of a built-in type. Rename it.".formatted(name));
            }
            for (var other : loaded.entrySet()) {
                if (!other.getKey().equals(plugin)
                        && other.getValue().types().stream()
                                .anyMatch(one -> one.description().name().equals(name))) {
                    throw new RefusedException(
                            "its type '%s' is one of plugin '%s', too: remove one of the two plugins."
                                    .formatted(name, other.getKey()));
                }
            }
        }
    }

    private void keepOnly(Set<String> there) {
        List.copyOf(loaded.keySet()).stream()
                .filter(name -> !there.contains(name))
                .forEach(this::retire);
    }

    private void retire(String name) {
        var gone = loaded.remove(name);
        if (gone != null) {
            gone.code().retire();
        }
    }

    private static String words(Exception e) {
        return e instanceof RefusedException ? String.valueOf(e.getMessage()) : e.toString();
    }
}
