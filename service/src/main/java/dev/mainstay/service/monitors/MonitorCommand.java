package dev.mainstay.service.monitors;

import dev.mainstay.linux.Given;
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

    /// Lets a debugger attach on the port that follows.
    static final String DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:";

    /// Garbage is collected from as much at a time: no check waits long for that.
    private static final long YOUNG_BYTES = 12L << 20;

    private static final String DATA = "--data";
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

    /// The folder in which the monitors of a node look for plugins.
    ///
    /// @param data the data directory of the node
    public static Path plugins(Path data) {
        return data.resolve("plugins");
    }

    /// Whether a process with this command line is a monitor of a data directory.
    static boolean servesData(List<String> words, Path data) {
        int at = words.lastIndexOf(DATA);
        return words.contains(MAIN)
                && at >= 0
                && at + 1 < words.size()
                && words.get(at + 1).equals(data.toString());
    }

    /// One monitor to be started.
    ///
    /// @param data the folder that all monitors of the node share; each has a folder of its own in `monitors`
    /// @param heapBytes the largest heap of its JVM, in bytes
    /// @param debugPort where it listens for a debugger, on 127.0.0.1; 0 for not at all
    record Instance(
            Path socket, String monitor, String scope, Path data, Duration hold, long heapBytes, int debugPort) {}

    /// The words of the command. `setsid` gives the monitor a session of its own: Ctrl-C in the terminal of the
    /// cluster service must not reach it. It runs the command in its own place, so the pid is the monitor's.
    List<String> words(Instance one) {
        var words = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:+UseSerialGC",
                "-Xmx" + one.heapBytes(),
                // Room for what waits for its next check, so that it dies young.
                "-Xmn" + Math.min(YOUNG_BYTES, one.heapBytes() / 4),
                "-XX:SurvivorRatio=3",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:ReservedCodeCacheSize=32m",
                // A JVM without memory serves nobody: the next one adopts what runs.
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                // Otherwise the JVM writes classes for each kind of message, while somebody waits for it.
                "-Djdk.reflect.useNativeAccessorOnly=true"));
        words.addAll(Given.options());
        aotCache.ifPresent(cache -> words.add("-XX:AOTCache=" + cache.toAbsolutePath()));
        Optional.ofNullable(System.getProperty(AOT_CACHE_OUTPUT))
                .ifPresent(output -> words.add("-XX:AOTCacheOutput=" + output));
        if (one.debugPort() > 0) {
            words.add(DEBUGGER + one.debugPort());
        }
        words.addAll(List.of("-cp", classPath, mainClass));
        words.addAll(List.of("--socket", one.socket().toString(), "--monitor", one.monitor()));
        words.addAll(List.of("--scope", one.scope()));
        words.addAll(List.of(
                "--directory", one.data().resolve(FOLDER).resolve(one.monitor()).toString()));
        if (one.debugPort() > 0) {
            words.add("--debug");
        }
        words.addAll(List.of(
                DATA, one.data().toString(), "--hold", Long.toString(one.hold().toMillis())));
        words.addAll(List.of("--plugins", plugins(one.data()).toString()));
        return words;
    }
}
