package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.Product.Ended;
import dev.mainstay.dist.Product.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Work on what is online: maintenance, restarts by command, changed properties.
class MaintenanceIT {
    /// Several times the restart delay and the interval of the checks.
    private static final Duration WHILE = Duration.ofSeconds(4);

    private final Product product = new Product();

    private Service online() throws Exception {
        var service = product.service();
        var manifest = product.write("shop.yaml", """
                types:
                  process: {looksAliveInterval: 1s}
                groups:
                  shop:
                    resources:
                      data: {type: process, properties: {command: [/bin/sleep, "600"]}}
                      web: {type: process, dependsOn: data, properties: {command: [/bin/sleep, "601"]}}
                """);
        assertThat(mainstay(service, "apply", "-f", manifest.toString(), "--yes")
                        .exitCode())
                .isZero();
        service.await("web", "online");
        return service;
    }

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void leavesAKilledProcessAloneUntilTheWorkEnds() throws Exception {
        var service = online();
        var web = Sighting.ofResource(product.folder(), "web");
        assertThat(mainstay(service, "resource", "maintenance", "web", "on", "--reason", "new disk")
                        .exitCode())
                .isZero();

        web.forEach(Sighting::kill);

        Await.during(
                "web is left alone",
                WHILE,
                service::log,
                () -> Sighting.ofResource(product.folder(), "web").isEmpty());
        assertThat(mainstay(service, "status").output()).contains("in maintenance");
        assertThat(mainstay(service, "why", "web").output())
                .contains("in maintenance since")
                .contains("new disk")
                .contains("ended by signal 9");
        assertThat(service.client().resource("web").restarts()).isZero();

        assertThat(mainstay(service, "resource", "maintenance", "web", "off").exitCode())
                .isZero();

        Await.until(
                "web is recovered",
                Product.PATIENCE,
                service::log,
                () -> !Sighting.ofResource(product.folder(), "web").isEmpty());
        service.await("web", "online");
        assertThat(service.client().resource("web").restarts()).isEqualTo(1);
        assertThat(service.client().resource("web").conditions()).isEmpty();
    }

    @Test
    void restartsAResourceWithWhatNeedsIt() throws Exception {
        var service = online();
        var before = processes();

        var ended = mainstay(service, "resource", "restart", "data");

        assertThat(ended.exitCode()).as("%s", ended).isZero();
        service.await("web", "online");
        assertThat(processes()).hasSize(2).doesNotContainAnyElementsOf(before);
    }

    @Test
    void setsAPropertyOfWhatIsOnlineAndSaysWhenItTakesEffect() throws Exception {
        var service = online();
        var before = processes();

        var ended = mainstay(service, "resource", "set", "web", "command=[/bin/sleep, \"602\"]");

        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(ended.output()).contains("command: /bin/sleep 601 -> /bin/sleep 602 (");
        assertThat(processes()).isEqualTo(before);
        assertThat(mainstay(service, "resource", "restart", "web").exitCode()).isZero();
        service.await("web", "online");
        assertThat(Sighting.ofResource(product.folder(), "web"))
                .singleElement()
                .satisfies(seen -> assertThat(seen.command()).contains("602"));
        assertThat(mainstay(service, "resource", "set", "web", "comand=x").errors())
                .contains("MST2001")
                .contains("Did you mean 'command'?");
    }

    private List<Sighting> processes() {
        return Sighting.ofResources(product.folder());
    }

    private Ended mainstay(Service service, String... words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--socket", CrashIT.socket(service)));
        return product.run(all.toArray(String[]::new));
    }
}
