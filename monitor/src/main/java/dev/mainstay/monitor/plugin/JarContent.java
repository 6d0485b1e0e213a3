package dev.mainstay.monitor.plugin;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.SpiVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/// What a jar holds, read without running any of it.
///
/// @param namesTypes whether it names resource types
/// @param spiVersion the version of the contract it was built against; 1 when it does not say
/// @param nativeCode native code by name
record JarContent(boolean namesTypes, int spiVersion, List<Native> nativeCode) {
    private static final String SERVICE = "META-INF/services/" + ResourceType.class.getName();
    private static final int CLASS_MAGIC = 0xcafebabe;
    private static final int CLASS_HEADER_BYTES = 8;
    /// Major version of a class file is the release of its Java plus this.
    private static final int MAJOR_BEFORE_JAVA = 44;
    private static final int PREVIEW_MINOR = 0xffff;
    private static final Pattern OF_RELEASE = Pattern.compile("META-INF/versions/(\\d{1,4})/.*");

    /// Most files of a jar; a large library has ten thousand.
    private static final int ENTRIES_MAX = 100_000;

    /// @param name its path, within the jar when it is in one
    record Native(String name, NativeCode made) {}

    /// Copies the list.
    JarContent {
        nativeCode = List.copyOf(nativeCode);
    }

    /// Reads a jar.
    ///
    /// **Errors:** [RefusedException] for a broken jar, and for classes newer than this JVM.
    static JarContent read(Path file) throws RefusedException {
        try (var jar = new JarFile(file.toFile(), false)) {
            if (jar.size() > ENTRIES_MAX) {
                throw new RefusedException(
                        "'%s' holds %d files: at most %d are read".formatted(file, jar.size(), ENTRIES_MAX));
            }
            var natives = new ArrayList<Native>();
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                look(file, jar, entries.nextElement(), natives);
            }
            return new JarContent(jar.getEntry(SERVICE) != null, spiVersion(file, jar), natives);
        } catch (IOException | SecurityException | IllegalArgumentException e) {
            throw new RefusedException(
                    "'%s' cannot be read as a jar: %s. Copy it again.".formatted(file.getFileName(), e.getMessage()));
        }
    }

    /// Reads the header of a file of native code.
    static List<Native> readNative(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return NativeCode.read(in.readNBytes(NativeCode.HEADER_BYTES)).stream()
                    .map(made -> new Native(file.getFileName().toString(), made))
                    .toList();
        }
    }

    private static void look(Path file, JarFile jar, JarEntry entry, List<Native> natives)
            throws IOException, RefusedException {
        if (entry.isDirectory()) {
            return;
        }
        try (var in = jar.getInputStream(entry)) {
            var header = in.readNBytes(NativeCode.HEADER_BYTES);
            if (entry.getName().endsWith(".class")) {
                checkClass(file, entry.getName(), header);
            } else {
                NativeCode.read(header).ifPresent(made -> natives.add(new Native(entry.getName(), made)));
            }
        }
    }

    private static void checkClass(Path file, String name, byte[] header) throws RefusedException {
        var release = OF_RELEASE.matcher(name);
        int running = Runtime.version().feature();
        if (release.matches() && Integer.parseInt(release.group(1)) > running) {
            return; // a later Java would use it instead of another
        }
        var bytes = ByteBuffer.wrap(header);
        if (header.length < CLASS_HEADER_BYTES || bytes.getInt() != CLASS_MAGIC) {
            throw new RefusedException(
                    "'%s' holds '%s', which is no class file. Build or copy it again.".formatted(file, name));
        }
        int minor = Short.toUnsignedInt(bytes.getShort());
        int java = Short.toUnsignedInt(bytes.getShort()) - MAJOR_BEFORE_JAVA;
        if (java > running) {
            throw new RefusedException(
                    "'%s' holds '%s', made for Java %d: this monitor runs on Java %d. Build it with --release %d, or run Mainstay on a newer JDK."
                            .formatted(file, name, java, running, running));
        }
        if (minor == PREVIEW_MINOR) {
            throw new RefusedException(
                    "'%s' holds '%s', made with preview features of Java %d: monitors run without them. Build it without --enable-preview."
                            .formatted(file, name, java));
        }
    }

    private static int spiVersion(Path file, JarFile jar) throws IOException, RefusedException {
        var manifest = jar.getManifest();
        var text = manifest == null ? null : manifest.getMainAttributes().getValue(SpiVersion.MANIFEST_ATTRIBUTE);
        if (text == null) {
            return 1;
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw new RefusedException("'%s' says %s: %s in its manifest, which is no number"
                    .formatted(file, SpiVersion.MANIFEST_ATTRIBUTE, text));
        }
        return Integer.parseInt(text);
    }
}
