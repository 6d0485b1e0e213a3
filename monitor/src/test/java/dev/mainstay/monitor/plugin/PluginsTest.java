package dev.mainstay.monitor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.host.TypeSource.Found;
import dev.mainstay.monitor.host.TypeSource.Look;
import dev.mainstay.spi.SpiVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real jars in real class loaders.
class PluginsTest {
    private static final long LIMIT_MILLIS = 500;

    @TempDir
    Path directory;

    private Path folder;
    private Plugins plugins;

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectory(directory.resolve("plugins"));
        plugins = new Plugins(List.of(), Optional.of(folder), LIMIT_MILLIS);
    }

    private Look look() throws IOException {
        PluginJar.allowAll(folder);
        return plugins.look();
    }

    private String refusal() throws IOException {
        var look = look();
        assertThat(look.types()).isEmpty();
        assertThat(look.refused()).hasSize(1);
        return look.refused().getFirst();
    }

    private static Found only(Look look) {
        assertThat(look.refused()).isEmpty();
        assertThat(look.types()).hasSize(1);
        return look.types().getFirst();
    }

    private static String said(Found found) {
        return found.description().help();
    }

    private static String saying(String expression) {
        return "return TypeDescription.of(NAME, \"1\", String.valueOf(%s), List.of());".formatted(expression);
    }

    private static byte[] elf(int bits, ByteOrder order, int machine) {
        var header = ByteBuffer.allocate(64).order(order);
        header.put(
                new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32), (byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1), 1
                });
        return header.putShort(16, (short) 3).putShort(18, (short) machine).array();
    }

    private static byte[] fitting() {
        var here = NativeCode.ofThisJvm();
        return elf(here.bits(), here.order(), here.machine());
    }

    @Test
    void findsTheTypesOfAJarAndOfAFolder() throws IOException {
        PluginJar.named("one", "1").write(folder.resolve("one.jar"));
        PluginJar.named("two", "2").write(folder.resolve("two/app/two.jar"));
        var look = look();

        assertThat(look.refused()).isEmpty();
        assertThat(look.types()).extracting(found -> found.description().name()).containsExactly("one", "two");
        assertThat(look.types().getFirst().plugin())
                .isEqualTo(folder.resolve("one.jar").toString());
    }

    @Test
    void runsTwoVersionsOfALibrarySideBySide() throws IOException {
        for (var version : List.of("1", "2")) {
            var library = new PluginJar()
                    .source(
                            "lib.Version",
                            "package lib; public class Version { public static String text() { return \"library %s\"; } }"
                                    .formatted(version))
                    .write(folder.resolve("plugin" + version + "/lib/library.jar"));
            PluginJar.typed("type" + version, saying("lib.Version.text()"), "return Outcome.DONE;")
                    .against(library)
                    .write(folder.resolve("plugin" + version + "/plugin.jar"));
        }

        assertThat(look().types()).extracting(PluginsTest::said).containsExactly("library 1", "library 2");
    }

    @Test
    void seesTheContractAndTheJdkButNothingOfTheMonitor() throws IOException {
        PluginJar.typed("curious", """
                        String seen = "";
                        for (String name : List.of("dev.mainstay.spi.Health", "java.sql.Connection",
                                "dev.mainstay.monitor.Main", "dev.mainstay.protocol.Message", "org.junit.jupiter.api.Test")) {
                            try { Class.forName(name); seen += "+"; } catch (ClassNotFoundException e) { seen += "-"; }
                        }
                        """ + saying("seen"), "return Outcome.DONE;").write(folder.resolve("curious.jar"));

        assertThat(said(only(look()))).isEqualTo("++---");
    }

    @Test
    void refusesAFileThatIsNotOnTheListWithItsSum() throws IOException {
        var jar = PluginJar.named("one", "1").write(folder.resolve("one.jar"));

        assertThat(plugins.look().refused().getFirst())
                .contains("one.jar", Checksums.of(jar), "is not in the list", "mainstay type install");
    }

    @Test
    void refusesAFileThatChangedWithBothSums() throws IOException {
        var jar = PluginJar.named("one", "1").write(folder.resolve("one.jar"));
        var before = Checksums.of(jar);
        PluginJar.allowAll(folder);
        PluginJar.named("one", "2").write(jar);

        assertThat(plugins.look().refused().getFirst()).contains(before, Checksums.of(jar), "changed");
    }

    @Test
    void refusesALibraryBesideThatIsNotOnTheList() throws IOException {
        PluginJar.named("one", "1").write(folder.resolve("one/one.jar"));
        PluginJar.allowAll(folder);
        Files.write(folder.resolve("one/libnew.so"), fitting());

        assertThat(plugins.look().refused().getFirst()).contains("one/libnew.so", "is not in the list");
    }

    @Test
    void refusesFilesThatOthersCouldChange() throws IOException {
        var jar = PluginJar.named("one", "1").write(folder.resolve("one.jar"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(refusal()).contains("rw-rw-r--", "chmod go-w");

        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(look().refused()).isEmpty();

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xrwx"));
        assertThat(look().refused().getFirst()).contains(folder.toString(), "rwxr-xrwx");

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(look().refused().getFirst()).contains(directory.toString(), "rwxrwxrwx");
    }

    @Test
    void refusesLinks() throws IOException {
        var jar = PluginJar.named("one", "1").write(directory.resolve("elsewhere.jar"));
        Files.createSymbolicLink(folder.resolve("one.jar"), jar);

        assertThat(refusal()).contains("is a link");
    }

    @Test
    void refusesNativeCodeForAnotherMachineWithBothSidesNamed() throws IOException {
        PluginJar.named("one", "1")
                .entry("natives/libx.so", elf(64, ByteOrder.BIG_ENDIAN, 22))
                .write(folder.resolve("one.jar"));
        assertThat(refusal())
                .contains(
                        "libx.so",
                        "s390x, 64 bits, big endian",
                        NativeCode.ofThisJvm().words());
    }

    @Test
    void refusesNativeCodeOf32BitsBesideAJar() throws IOException {
        PluginJar.named("one", "1").write(folder.resolve("one/one.jar"));
        Files.write(folder.resolve("one/libx.so"), elf(32, ByteOrder.LITTLE_ENDIAN, 3));

        assertThat(refusal()).contains("libx.so", "x86, 32 bits, little endian", "64 bits");
    }

    @Test
    void takesALibraryForManyMachinesWhenOneOfThemFits() throws IOException {
        PluginJar.named("one", "1")
                .entry("natives/s390x/libx.so", elf(64, ByteOrder.BIG_ENDIAN, 22))
                .entry("natives/here/libx.so", fitting())
                .write(folder.resolve("one.jar"));

        assertThat(only(look()).description().name()).isEqualTo("one");
    }

    @Test
    void refusesAnotherVersionOfTheContractWithBothSidesNamed() throws IOException {
        int newer = SpiVersion.NEWEST + 1;
        PluginJar.named("one", "1")
                .attribute(SpiVersion.MANIFEST_ATTRIBUTE, Integer.toString(newer))
                .write(folder.resolve("one.jar"));
        assertThat(refusal())
                .contains("version " + newer, "speaks %d to %d".formatted(SpiVersion.OLDEST, SpiVersion.NEWEST));

        PluginJar.named("one", "1")
                .attribute(SpiVersion.MANIFEST_ATTRIBUTE, Integer.toString(SpiVersion.OLDEST - 1))
                .write(folder.resolve("one.jar"));
        assertThat(refusal()).contains("version " + (SpiVersion.OLDEST - 1), "newer version of the plugin");
    }

    @Test
    void refusesClassesNewerThanThisJvm() throws IOException {
        int java = Runtime.version().feature();
        PluginJar.named("one", "1").claimingMajor(44 + java + 1).write(folder.resolve("one.jar"));

        assertThat(refusal()).contains("made for Java " + (java + 1), "runs on Java " + java);
    }

    @Test
    void refusesATypeWithTheNameOfABuiltInOne() throws IOException {
        var elsewhere = Files.createDirectory(directory.resolve("built-in"));
        PluginJar.named("one", "1").write(elsewhere.resolve("one.jar"));
        PluginJar.allowAll(elsewhere);
        var builtIn = new Plugins(List.of(), Optional.of(elsewhere))
                .look()
                .types()
                .getFirst()
                .type();
        plugins = new Plugins(List.of(builtIn), Optional.of(folder));
        PluginJar.named("one", "2").write(folder.resolve("mine.jar"));

        assertThat(look().refused().getFirst()).contains("plugin 'mine.jar'", "'one'", "built-in");
    }

    @Test
    void refusesATypeThatAnotherPluginHas() throws IOException {
        PluginJar.named("one", "1").write(folder.resolve("a.jar"));
        PluginJar.named("one", "1").write(folder.resolve("b.jar"));
        var look = look();

        assertThat(look.types()).hasSize(1);
        assertThat(look.refused().getFirst()).contains("plugin 'b.jar'", "plugin 'a'");
    }

    @Test
    void refusesBrokenJarsAndJarsWithoutTypes() throws IOException {
        Files.writeString(folder.resolve("broken.jar"), "no jar at all");
        assertThat(refusal()).contains("plugin 'broken.jar'", "cannot be read as a jar");

        Files.delete(folder.resolve("broken.jar"));
        new PluginJar().entry("readme", (byte) 'x').write(folder.resolve("empty.jar"));
        assertThat(refusal()).contains("names a resource type");

        new PluginJar().naming("acme.Absent").write(folder.resolve("empty.jar"));
        assertThat(refusal()).contains("acme.Absent");
    }

    @Test
    void refusesATypeWhoseDescriptionThrows() throws IOException {
        PluginJar.typed("one", "throw new IllegalStateException(\"no mood\");", "return Outcome.DONE;")
                .write(folder.resolve("one.jar"));

        assertThat(refusal()).contains("no mood");
    }

    @Test
    void refusesATypeWhoseDescriptionHangsAndSaysWhere() throws IOException {
        PluginJar.typed(
                        "one",
                        "try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) {} return null;",
                        "return Outcome.DONE;")
                .write(folder.resolve("one.jar"));

        assertThat(refusal()).contains("has not returned for %d ms".formatted(LIMIT_MILLIS), "it stands at");
    }

    @Test
    void refusesAnAbsurdDescription() throws IOException {
        PluginJar.typed("one", saying("\"x\".repeat(1 << 20)"), "return Outcome.DONE;")
                .write(folder.resolve("one.jar"));

        assertThat(refusal()).contains("the help has 1048576 characters");
    }

    @Test
    void oneBrokenPluginKeepsNoOtherFromBeingUsed() throws IOException {
        Files.writeString(folder.resolve("a.jar"), "no jar at all");
        PluginJar.named("one", "1").write(folder.resolve("b.jar"));
        var look = look();

        assertThat(look.refused()).hasSize(1);
        assertThat(look.types()).hasSize(1);
    }

    @Test
    void anUpgradeLeavesOtherTypesAloneAndClosesTheOldCodeAfterItsLastInstance() throws Exception {
        PluginJar.named("one", "1").entry("probe", (byte) 1).write(folder.resolve("one.jar"));
        PluginJar.named("two", "1").write(folder.resolve("two.jar"));
        var before = look().types();
        var old = before.getFirst();
        old.uses().begin();
        replace(PluginJar.named("one", "2"), "one.jar");
        var after = look().types();

        assertThat(after.getFirst().description().version()).isEqualTo("2");
        assertThat(after.getLast()).isSameAs(before.getLast());
        assertThat(probe(old)).as("old code while an instance uses it").isTrue();

        old.uses().end();
        assertThat(probe(old)).as("old code after its last instance").isFalse();
    }

    @Test
    void theOldVersionStaysWhenTheNewOneIsRefused() throws Exception {
        PluginJar.named("one", "1").write(folder.resolve("one.jar"));
        var before = only(look());
        replace(new PluginJar().entry("x", (byte) 1), "one.jar");
        var after = look();

        assertThat(after.refused()).hasSize(1);
        assertThat(after.types()).containsExactly(before);
    }

    @Test
    void codeTakenOffTheListIsNotUsedAnyMore() throws Exception {
        PluginJar.named("one", "1").write(folder.resolve("one.jar"));
        only(look());
        Files.delete(folder.resolve(Checksums.FILE));

        assertThat(plugins.look().types()).isEmpty();
    }

    @Test
    void aRemovedPluginIsNotUsedAnyMore() throws Exception {
        PluginJar.named("one", "1").write(folder.resolve("one.jar"));
        only(look());
        Files.delete(folder.resolve("one.jar"));

        assertThat(look().types()).isEmpty();
    }

    private void replace(PluginJar jar, String name) throws IOException {
        Files.move(jar.write(directory.resolve("new.jar")), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean probe(Found found) {
        return found.type().getClass().getClassLoader().getResource("probe") != null;
    }
}
