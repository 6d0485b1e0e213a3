package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The same crashes for a user who is not root: no control groups, an installation that he cannot write.
class CrashAsOrdinaryUserIT extends CrashIT {
    /// Debian's user without rights.
    private static final String NOBODY = "65534";

    private static Path installation = Path.of("/");

    @BeforeAll
    static void install() throws Exception {
        assertThat(System.getProperty("user.name"))
                .as("this test starts processes of another user: run it as root")
                .isEqualTo("root");
        installation = Files.createTempDirectory(Path.of("/tmp"), "msi");
        var source = SourceTree.root().resolve("dist/target/mainstay");
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                var target = installation.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.startsWith(source.resolve("caches"))) {
                    Files.copy(file, target);
                }
            }
        }
        Files.setPosixFilePermissions(installation, PosixFilePermissions.fromString("rwxr-xr-x"));
        launcher().toFile().setExecutable(true, false);
        try (var product = new Product(launcher())) {
            // As root, who may write there: makes the start-up caches for everybody.
            assertThat(product.run("warm").exitCode()).isZero();
        }
    }

    @AfterAll
    static void remove() throws IOException {
        Product.delete(installation);
    }

    @Override
    Product product() {
        return new Product(launcher(), "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    private static Path launcher() {
        return installation.resolve("bin/mainstay");
    }
}
