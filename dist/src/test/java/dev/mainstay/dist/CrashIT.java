package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.Product.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the crash of each part does to the services that a node keeps online.
class CrashIT {
    /// Long enough to start a cluster service again on a loaded machine, short enough to be waited for.
    private static final String HOLD = "20s";

    private final Product product = product();

    /// Where these tests run as: this user; [CrashAsOrdinaryUserIT] says otherwise.
    Product product() {
        return new Product();
    }

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void servicesSurviveAKilledClusterServiceAndAreAdoptedByTheNextOne() throws Exception {
        var first = online("--hold", HOLD);
        var before = processes();
        var monitor = first.monitor();

        first.kill();
        var second = product.service("--hold", HOLD);

        second.await("web", "online");
        second.await("data", "online");
        assertThat(processes()).isEqualTo(before);
        assertThat(second.monitor()).isEqualTo(monitor);
        assertThat(second.client().resource("web").restarts()).isZero();
    }

    @Test
    void aMonitorWhoseServiceStaysAwayTakesEverythingOfflineInOrderAndEnds() throws Exception {
        var service = online("--hold", "2s");
        var monitor = service.monitor();

        service.kill();

        Await.until("monitor ended", Product.PATIENCE, service::log, () -> !monitor.alive());
        assertThat(processes()).isEmpty();
        assertThat(order()).containsExactly("data up", "web up", "web down", "data down");
    }

    @Test
    void aKilledMonitorIsReplacedAndWhatLivesIsAdopted() throws Exception {
        var service = online("--hold", HOLD);
        var before = processes();
        var since = service.client().resource("web").since();
        var monitor = service.monitor();

        monitor.kill();

        Await.until("a new monitor", Product.PATIENCE, service::log, () -> replaced(service, monitor));
        service.await("web", "online");
        service.await("data", "online");
        assertThat(processes()).isEqualTo(before);
        assertThat(service.client().resource("web").since()).isEqualTo(since);
    }

    @Test
    void whatDiedWithTheMonitorIsRestartedByPolicy() throws Exception {
        var service = online("--hold", HOLD);
        var web = Sighting.ofResource(product.folder(), "web");
        var data = Sighting.ofResource(product.folder(), "data");

        service.monitor().kill();
        web.forEach(Sighting::kill);

        Await.until(
                "web restarted",
                Product.PATIENCE,
                service::log,
                () -> service.client().resource("web").restarts() == 1);
        service.await("web", "online");
        assertThat(Sighting.ofResource(product.folder(), "web")).isNotEmpty().doesNotContainAnyElementsOf(web);
        assertThat(Sighting.ofResource(product.folder(), "data")).isEqualTo(data);
    }

    @Test
    void servicesSurviveWhenClusterServiceAndMonitorAreBothKilled() throws Exception {
        var first = online("--hold", HOLD);
        var before = processes();

        first.kill();
        Sighting.commanded(product.folder().toString()).stream()
                .filter(seen -> seen.command().contains("dev.mainstay.monitor.Main"))
                .forEach(Sighting::kill);
        var second = product.service("--hold", HOLD);

        second.await("web", "online");
        second.await("data", "online");
        assertThat(processes()).isEqualTo(before);
    }

    @Test
    void afterPowerLossEveryAcknowledgedChangeIsThereAndGroupsComeBackToTheirPersistentState() throws Exception {
        var first = online("--hold", HOLD);
        assertThat(product.run("apply", "-f", quiet().toString(), "--yes", "--socket", socket(first))
                        .exitCode())
                .isZero();
        assertThat(product.run("group", "offline", "quiet", "--socket", socket(first))
                        .exitCode())
                .isZero();
        var before = processes();

        first.kill();
        Sighting.commanded(product.folder().toString()).forEach(Sighting::kill);
        before.forEach(Sighting::kill);
        var second = product.service("--hold", HOLD);

        second.await("web", "online");
        second.await("data", "online");
        assertThat(processes()).isNotEmpty().doesNotContainAnyElementsOf(before);
        var counted = Stream.of("web", "data")
                .mapToInt(name -> second.client().resource(name).restarts());
        assertThat(counted.sum()).as("the end of everything counts once").isEqualTo(1);
        var quiet = second.client().group("quiet");
        assertThat(quiet.wanted()).isEqualTo("offline");
        assertThat(quiet.state()).isEqualTo("offline");
    }

    @Test
    void aClusterServiceThatIsStoppedTakesEverythingOfflineInOrderAndLeavesNoProcess() throws Exception {
        var service = online("--hold", HOLD);
        var monitor = service.monitor();

        int code = service.stop();

        assertThat(code).as(service.log()).isZero();
        assertThat(monitor.alive()).isFalse();
        assertThat(processes()).isEmpty();
        assertThat(order()).containsExactly("data up", "web up", "web down", "data down");
    }

    @Test
    void aResourceThatKeepsFailingStaysFailedWithTheReason() throws Exception {
        var service = product.service();
        var manifest = product.write("failing.yaml", """
                groups:
                  bad:
                    resources:
                      broken:
                        type: process
                        properties:
                          command: [/bin/sh, -c, "echo cannot open the database; exit 3"]
                          check: {tcp: "127.0.0.1:1"}
                        restart: {threshold: 2, delay: 0ms, retryPeriod: 1h}
                """);
        var applied = product.run("apply", "-f", manifest.toString(), "--yes", "--socket", socket(service));
        assertThat(applied.exitCode()).as(applied.toString()).isZero();

        Await.until(
                "broken given up",
                Product.PATIENCE,
                () -> service.client().resource("broken").toString(),
                () -> service.client().resource("broken").reason().contains("restart threshold"));
        var why = product.run("why", "broken", "--socket", socket(service));

        assertThat(why.exitCode()).isZero();
        assertThat(why.output()).contains("restart threshold", "exit code 3", "cannot open the database");
        assertThat(service.client().group("bad").state()).isEqualTo("failed");
    }

    private Service online(String... options) throws Exception {
        var service = product.service(options);
        var manifest = product.write("services.yaml", manifest());
        var applied = product.run("apply", "-f", manifest.toString(), "--yes", "--socket", socket(service));
        assertThat(applied.exitCode()).as(applied + service.log()).isZero();
        service.await("web", "online");
        return service;
    }

    /// Two services that note when they come and go; `web` needs `data`.
    private String manifest() {
        return """
                groups:
                  shop:
                    resources:
                      data:
                        type: process
                        properties: {command: [/bin/sh, "%1$s", data], stopGrace: 20s, check: {command: [test, -e, "%2$s/data.up"]}}
                        restart: {delay: 0ms}
                      web:
                        type: process
                        dependsOn: data
                        properties: {command: [/bin/sh, "%1$s", web], stopGrace: 20s, check: {command: [test, -e, "%2$s/web.up"]}}
                        restart: {delay: 0ms}
                """.formatted(noting(), product.folder());
    }

    private Path noting() {
        try {
            return product.write("noting.sh", """
                    cd %s
                    child=
                    trap 'echo "$1 down" >> order; rm -f "$1.up"; kill $child; exit 0' TERM
                    echo "$1 up" >> order
                    touch "$1.up"
                    sleep 100000 &
                    child=$!
                    wait
                    """.formatted(product.folder()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path quiet() throws IOException {
        return product.write("quiet.yaml", """
                groups:
                  quiet:
                    resources:
                      idle:
                        type: process
                        properties: {command: [/bin/sleep, "100000"]}
                """);
    }

    private List<String> order() throws IOException {
        return Files.readAllLines(product.folder().resolve("order"), StandardCharsets.UTF_8);
    }

    /// The services; not the short-lived commands that check them.
    private List<Sighting> processes() {
        return Sighting.ofResources(product.folder()).stream()
                .filter(seen -> !seen.command().contains("mainstay-start"))
                .filter(seen ->
                        seen.command().contains("noting.sh") || seen.command().startsWith("sleep"))
                .toList();
    }

    private static boolean replaced(Service service, Sighting old) {
        long now = service.client().status().nodes().getFirst().monitor();
        return now != 0 && now != old.pid();
    }

    static String socket(Service service) {
        return service.client().socket().toString();
    }
}
