package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.Product.Ended;
import dev.mainstay.dist.Product.Service;
import dev.mainstay.fixtures.PrivateSystemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Units of a real systemd in a cluster: who else starts them, and who else wants them.
class UnitsIT {
    @TempDir
    static Path machine;

    private static PrivateSystemd systemd;

    private final Product product = new Product();

    @BeforeAll
    static void bootSystemd() throws Exception {
        systemd = PrivateSystemd.start(machine);
        for (var unit : List.of("web", "shared")) {
            systemd.write(unit + ".service", "[Service]\nExecStart=/bin/sleep 300\n");
        }
    }

    @AfterAll
    static void endSystemd() {
        systemd.close();
    }

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    private static String unit(String name) {
        return "{type: systemd, properties: {unit: %s, bus: \"%s\", dropInDirectory: \"%s\", journalDirectory: \"%s\"}}"
                .formatted(name, systemd.bus(), systemd.dropIns(), systemd.journal());
    }

    private void apply(Service service, String groups) throws Exception {
        var manifest = product.write("units.yaml", "groups:\n" + groups);
        var ended = mainstay(service, "apply", "-f", manifest.toString(), "--yes");
        assertThat(ended.exitCode()).as("%s", ended).isZero();
    }

    @Test
    void aStartByHandOfWhatIsOfflineIsEndedAndWhySaysSo() throws Exception {
        var service = product.service();
        apply(service, "  shop: {resources: {web: %s}}\n".formatted(unit("web")));
        service.await("web", "online");
        assertThat(mainstay(service, "group", "offline", "shop").exitCode()).isZero();
        Files.delete(machine.resolve("drop-ins/web.service.d/50-mainstay.conf"));
        systemd.systemctl("daemon-reload");
        assertThat(systemd.systemctl("start", "web")).isEqualTo("0");

        Await.until(
                "the unit is ended",
                Product.PATIENCE,
                service::log,
                () -> systemd.systemctl("is-active", "web").equals("3 inactive"));
        Await.until(
                "why says so",
                Product.PATIENCE,
                service::log,
                () -> why(service, "web")
                        .contains("somebody else started it, so it was terminated: web.service is active (running)"));
        service.await("web", "offline");
        assertThat(systemd.systemctl("start", "web")).contains("Assertion failed");
        assertThat(mainstay(service, "group", "online", "shop").exitCode()).isZero();
        service.await("web", "online");
    }

    @Test
    void theSecondResourceOfAUnitIsRefusedByTheNameOfTheFirst() throws Exception {
        var service = product.service();
        apply(service, "  one: {resources: {first: %s}}\n".formatted(unit("shared")));
        service.await("first", "online");
        var invocation = systemd.systemctl("show", "--property=InvocationID", "shared");
        apply(
                service,
                "  one: {resources: {first: %1$s}}\n  two: {resources: {second: %1$s}}\n".formatted(unit("shared")));

        service.await("second", "failed");
        assertThat(mainstay(service, "why", "second").output())
                .contains("opening 'second': it needs the systemd unit shared.service")
                .contains("which resource 'first' has on this node")
                .contains("change or remove one of them");
        service.await("first", "online");
        assertThat(systemd.systemctl("show", "--property=InvocationID", "shared"))
                .as("untouched by the second")
                .isEqualTo(invocation);
    }

    private String why(Service service, String resource) {
        try {
            return mainstay(service, "why", resource).output();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Ended mainstay(Service service, String... words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--socket", CrashIT.socket(service)));
        return product.run(all.toArray(String[]::new));
    }
}
