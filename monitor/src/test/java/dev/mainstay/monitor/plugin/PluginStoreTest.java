package dev.mainstay.monitor.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginStoreTest {
    @TempDir
    Path directory;

    private Path folder;
    private PluginStore store;

    @BeforeEach
    void prepare() {
        folder = directory.resolve("plugins");
        store = new PluginStore(folder);
    }

    private List<String> usable() {
        var look = new Plugins(List.of(), Optional.of(folder)).look();
        assertThat(look.refused()).isEmpty();
        return look.types().stream()
                .map(found ->
                        found.description().name() + " " + found.description().version())
                .toList();
    }

    private Path jar(String name, String type, String version) throws IOException {
        return PluginJar.named(type, version).write(directory.resolve(name));
    }

    @Test
    void whatItInstallsCanBeUsed() throws Exception {
        var installed = store.install(jar("acme.jar", "one", "1"));

        assertThat(installed).isEqualTo(new PluginStore.Installed("acme", List.of("one"), false));
        assertThat(usable()).containsExactly("one 1");
    }

    @Test
    void anInstallOfTheSameNameReplacesTheOneBefore() throws Exception {
        store.install(jar("acme.jar", "one", "1"));
        PluginJar.named("two", "1").write(directory.resolve("acme/main.jar"));
        PluginJar.named("three", "1").write(directory.resolve("acme2/main.jar"));
        store.install(directory.resolve("acme2"));
        var installed = store.install(directory.resolve("acme"));

        assertThat(installed.replaced()).isTrue();
        assertThat(usable()).containsExactly("two 1", "three 1");
        assertThat(Files.readAllLines(folder.resolve(Checksums.FILE))).hasSize(2);
    }

    @Test
    void whatCannotBeUsedIsNotInstalledAndTheOneBeforeStays() throws Exception {
        store.install(jar("acme.jar", "one", "1"));
        var broken = Files.writeString(directory.resolve("acme.jar"), "no jar");

        assertThatThrownBy(() -> store.install(broken)).isInstanceOf(RefusedException.class);
        assertThat(usable()).containsExactly("one 1");
        assertThat(left()).containsExactlyInAnyOrder(".lock", "acme.jar", "allowed");
    }

    @Test
    void saysWhatIsWrongWithWhatIsNoPlugin() throws Exception {
        var text = Files.writeString(directory.resolve("notes.txt"), "no plugin");
        var empty = Files.createDirectory(directory.resolve("empty"));
        var broken = Files.writeString(directory.resolve("broken.jar"), "no jar");

        assertThatThrownBy(() -> store.install(directory.resolve("none.jar")))
                .hasMessage("there is no such file or folder");
        assertThatThrownBy(() -> store.install(text)).hasMessage("it is neither a jar nor a folder with jars");
        assertThatThrownBy(() -> store.install(empty)).hasMessage("it holds no jar");
        assertThatThrownBy(() -> store.install(broken))
                .hasMessageStartingWith("'broken.jar' cannot be read as a jar: zip END header not found");
        assertThatThrownBy(() -> store.remove("acme")).hasMessageEndingWith("It holds: none.");
    }

    @Test
    void removesFilesAndChecksums() throws Exception {
        store.install(jar("acme.jar", "one", "1"));
        store.install(jar("other.jar", "two", "1"));
        store.remove("acme");

        assertThat(usable()).containsExactly("two 1");
        assertThat(left()).containsExactlyInAnyOrder(".lock", "other.jar", "allowed");
        assertThat(Files.readString(folder.resolve(Checksums.FILE)))
                .contains("other.jar")
                .doesNotContain("acme");
    }

    @Test
    void saysWhatIsThereWhenTheNameIsUnknown() throws Exception {
        store.install(jar("acme.jar", "one", "1"));

        assertThatThrownBy(() -> store.remove("acmee")).hasMessageContaining("It holds: acme.");
        assertThatThrownBy(() -> store.remove("../plugins")).isInstanceOf(RefusedException.class);
    }

    private List<String> left() throws IOException {
        try (var list = Files.list(folder)) {
            return list.map(file -> file.getFileName().toString()).toList();
        }
    }
}
