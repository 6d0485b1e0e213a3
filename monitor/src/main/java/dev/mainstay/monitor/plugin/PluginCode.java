package dev.mainstay.monitor.plugin;

import dev.mainstay.monitor.host.TypeSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/// The classes of one plugin, apart from those of the monitor and of every other plugin: it sees the JDK, the
/// contract of resource types, and its own jars. Given back when it is retired and its last instance is closed.
///
/// **Threads:** any.
final class PluginCode implements TypeSource.Uses, AutoCloseable {
    private final URLClassLoader loader;
    private int instances;
    private boolean retired;

    PluginCode(String plugin, List<Path> jars) throws IOException {
        var urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        this.loader = new URLClassLoader("plugin " + plugin, urls, new Contract());
        // Opens every jar now: an upgrade puts others in their place, and this code goes on with these.
        var _ = loader.findResource("META-INF/no-such-file");
    }

    /// The JDK and the contract of resource types, nothing else of this monitor.
    private static final class Contract extends ClassLoader {
        private static final String PACKAGE = "dev.mainstay.spi.";

        static {
            registerAsParallelCapable();
        }

        Contract() {
            super("contract of resource types", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith(PACKAGE)) {
                return Class.forName(name, false, PluginCode.class.getClassLoader());
            }
            throw new ClassNotFoundException(name);
        }
    }

    ClassLoader loader() {
        return loader;
    }

    @Override
    public synchronized void begin() {
        instances++;
    }

    @Override
    public synchronized void end() {
        instances--;
        closeUnlessUsed();
    }

    /// Nobody opens instances of it any more.
    synchronized void retire() {
        retired = true;
        closeUnlessUsed();
    }

    private void closeUnlessUsed() {
        if (retired && instances == 0) {
            close();
        }
    }

    /// Closes its jars.
    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            System.getLogger(PluginCode.class.getName())
                    .log(System.Logger.Level.DEBUG, "close the jars of {0}: {1}", loader.getName(), e);
        }
    }
}
