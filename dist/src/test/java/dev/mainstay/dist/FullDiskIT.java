package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A data directory on a file system that fills up.
class FullDiskIT {
    private static final int MIB = 1 << 20;
    private final Product product = new Product();

    @AfterEach
    void close() throws Exception {
        try (product) {
            for (var seen : Sighting.commanded(product.folder().toString())) {
                seen.kill();
            }
            run("umount", "--lazy", data().toString());
        }
    }

    @Test
    void refusesChangesKeepsResourcesRunningAndRecoversWhenThereIsSpaceAgain() throws Exception {
        Files.createDirectories(data());
        assertThat(run("mount", "-t", "tmpfs", "-o", "size=128m,mode=0777", "tmpfs", data().toString()))
                .as("mounting a small file system needs root")
                .isZero();
        var service = product.service(data());
        var socket = service.client().socket().toString();
        assertThat(product.run("apply", "-f", manifest("first"), "--yes", "--socket", socket)
                        .exitCode())
                .isZero();
        service.await("first", "online");
        var before = Sighting.ofResources(product.folder());

        fill();
        var refused = product.run("apply", "-f", manifest("second"), "--yes", "--socket", socket);

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.errors()).contains("MST1005", data().toString());
        assertThat(Sighting.ofResources(product.folder())).isEqualTo(before);
        var status = product.run("status", "--socket", socket);
        assertThat(status.exitCode()).isZero();
        assertThat(status.output()).contains("! changes are refused on node 'n1': ", data().toString());

        Files.delete(data().resolve("filler"));
        Await.until("changes accepted again", Product.PATIENCE, service::log, () -> accepted("second", socket));
        service.await("second", "online");
        assertThat(Sighting.ofResources(product.folder())).containsAll(before);
        assertThat(service.stop()).isZero();
    }

    @Test
    void healsAfterADiskThatRefusedEveryWriteForAWhile() throws Exception {
        Files.createDirectories(data());
        assertThat(run("mount", "-t", "tmpfs", "-o", "size=128m,mode=0777", "tmpfs", data().toString()))
                .as("mounting a small file system needs root")
                .isZero();
        var service = product.service(data());
        var socket = service.client().socket().toString();
        assertThat(accepted("first", socket)).isTrue();
        service.await("first", "online");
        var before = Sighting.ofResources(product.folder());
        var pid = Long.toString(service.pid());

        // No write of the process succeeds, wherever the bytes would go.
        assertThat(run("prlimit", "--fsize=1:unlimited", "--pid", pid)).isZero();
        assertThat(accepted("second", socket)).isFalse();
        Await.until("the log failed", Product.PATIENCE, service::log, () -> !accepted("second", socket));
        assertThat(run("prlimit", "--fsize=unlimited", "--pid", pid)).isZero();

        Await.until("changes accepted again", Product.PATIENCE, service::log, () -> accepted("second", socket));
        service.await("second", "online");
        assertThat(service.pid()).hasToString(pid);
        assertThat(Sighting.ofResources(product.folder())).containsAll(before);
        assertThat(service.stop()).isZero();
    }

    private Path data() {
        return product.folder().resolve("full");
    }

    private boolean accepted(String resource, String socket) {
        try {
            return product.run("apply", "-f", manifest(resource), "--yes", "--socket", socket)
                            .exitCode()
                    == 0;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String manifest(String resource) throws IOException {
        return product.write(resource + ".yaml", """
                        groups:
                          %1$s-group:
                            resources:
                              %1$s:
                                type: process
                                properties: {command: [/bin/sleep, "100000"]}
                        """.formatted(resource)).toString();
    }

    private void fill() throws IOException {
        try (var out = Files.newOutputStream(data().resolve("filler"))) {
            var block = new byte[MIB];
            for (int written = 0; written < 1024; written++) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static int run(String... line) throws IOException, InterruptedException {
        var process = new ProcessBuilder(line).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
