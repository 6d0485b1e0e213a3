package dev.mainstay.service.monitors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a resource monitor is started.
///
/// @param mainClass the class whose `main` it runs
/// @param classPath what its JVM loads classes from
/// @param aotCache an ahead-of-time cache made for just that class path, if there is one
public record MonitorCommand(String mainClass, String classPath, Optional<Path> aotCache) {
    /// System property with the installation directory.
    public static final String HOME = "mainstay.home";
    /// System property with the ahead-of-time cache of the monitor.
    public static final String AOT_CACHE = "mainstay.monitor.aot";

    /// System property of a training run: where the monitor writes such a cache when it ends.
    public static final String AOT_CACHE_OUTPUT = "mainstay.monitor.aot.output";

    /// Folder with a folder for each monitor, in the data directory of the node.
    static final String FOLDER = "monitors";

    private static final String MAIN = "dev.mainstay.monitor.Main";

    /// The command of this installation; without one, of the class path that this JVM runs with.
    public static MonitorCommand ofThisInstallation() {
        var home = Optional.ofNullable(System.getProperty(HOME));
        var classPath = home.map(dir -> Path.of(dir, "lib", "monitor"))
                .filter(Files::isDirectory)
                .map(dir -> dir.toAbsolutePath() + "/*")
                .orElse(System.getProperty("java.class.path", ""));
        var cache =
                Optional.ofNullable(System.getProperty(AOT_CACHE)).map(Path::of).filter(Files::isRegularFile);
        return new MonitorCommand(MAIN, classPath, cache);
    }

    /// The words of the command. `setsid` gives the monitor a session of its own: Ctrl-C in the terminal of the
    /// cluster service must not reach it. It runs the command in its own place, so the pid is the monitor's.
    ///
    /// @param data the folder that all monitors of the node share; each has a folder of its own in `monitors`
    List<String> words(Path socket, String monitor, String scope, Path data, Duration hold) {
        var words = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:ReservedCodeCacheSize=32m",
                // A JVM without memory serves nobody: the next one adopts what runs.
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED"));
        aotCache.ifPresent(cache -> words.add("-XX:AOTCache=" + cache.toAbsolutePath()));
        Optional.ofNullable(System.getProperty(AOT_CACHE_OUTPUT))
                .ifPresent(output -> words.add("-XX:AOTCacheOutput=" + output));
        words.addAll(List.of("-cp", classPath, mainClass));
        words.addAll(List.of("--socket", socket.toString(), "--monitor", monitor, "--scope", scope));
        words.addAll(
                List.of("--directory", data.resolve(FOLDER).resolve(monitor).toString()));
        words.addAll(List.of("--data", data.toString(), "--hold", Long.toString(hold.toMillis())));
        words.addAll(List.of("--plugins", data.resolve("plugins").toString()));
        return words;
    }
}
