package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.Product.Ended;
import dev.mainstay.dist.Product.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What operators and collectors learn of a running node: controls, measured calls, metrics.
class MeasuresIT {
    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void answersControlsAndTellsWhatItMeasured() throws Exception {
        var service = product.service();
        var manifest = product.write("shop.yaml", """
                types:
                  process: {looksAliveInterval: 1s}
                groups:
                  shop:
                    resources:
                      web: {type: process, properties: {command: [/bin/sleep, "600"]}}
                """);
        assertThat(mainstay(service, "apply", "-f", manifest.toString(), "--yes")
                        .exitCode())
                .isZero();
        service.await("web", "online");

        answersControls(service);
        showsCalls(service);
        tellsMetrics(service);
    }

    private void answersControls(Service service) throws Exception {
        long pid = Sighting.ofResource(product.folder(), "web").getFirst().pid();

        assertThat(mainstay(service, "resource", "control", "web", "get-processes")
                        .output())
                .contains(Long.toString(pid));
        assertThat(mainstay(service, "resource", "control", "web", "get-proceses"))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(2))
                .satisfies(
                        refused -> assertThat(refused.errors()).contains("MST2122", "Did you mean 'get-processes'?"));
        assertThat(mainstay(service, "resource", "control", "web", "delete").errors())
                .contains("MST1007", "which only the cluster service itself sends");
        assertThat(mainstay(service, "type", "control", "process", "get-class-info")
                        .exitCode())
                .isZero();
    }

    private void showsCalls(Service service) throws Exception {
        var type = mainstay(service, "type", "show", "process").output();
        assertThat(type).contains("loaded from     built in", "contract        version 1");
        assertThat(type).containsPattern("default +online +1 ").containsPattern("default +resourceControl +[1-9]");
        assertThat(mainstay(service, "monitor", "show", "default").output())
                .containsPattern("process +open +1 ")
                .containsPattern("checks, begun late by|No checks yet");
    }

    private void tellsMetrics(Service service) throws Exception {
        var curl = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--fail",
                        "--unix-socket",
                        CrashIT.socket(service),
                        "http://localhost/metrics")
                .start();
        var text = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(curl.waitFor()).isZero();
        assertThat(text.lines())
                .contains("mainstay_entry_point_seconds_count{call=\"online\",monitor=\"default\",type=\"process\"} 1")
                .contains("mainstay_resources{state=\"online\"} 1.0")
                .contains("mainstay_monitor_measures_fresh{monitor=\"default\"} 1.0")
                .contains("mainstay_leader{node=\"n1\"} 1.0");
    }

    private Ended mainstay(Service service, String... words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--socket", CrashIT.socket(service)));
        return product.run(all.toArray(String[]::new));
    }
}
