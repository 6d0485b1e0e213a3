package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Controls, measures and metrics: what is asked of the monitors behind the API.
class MonitorAnswersTest {
    private final ServedApi api;

    MonitorAnswersTest() throws IOException {
        api = new ServedApi();
    }

    @BeforeEach
    void apply() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void asksAControlOfAResourceInTheMonitorThatHostsIt() throws IOException {
        assertThat(api.post("/v1/resources/web/controls/get-processes", ""))
                .startsWith("HTTP/1.1 200")
                .contains("\"monitor\":\"default\"")
                .contains("\"pids\":[\"4711\",\"4712\"]");
        assertThat(api.post("/v1/types/process/controls/rotate?wait=5s", "{\"input\":{\"keep\":[\"3\"]}}"))
                .startsWith("HTTP/1.1 200");

        assertThat(api.monitors.asked())
                .containsExactly(
                        "get-processes of web/process in default with {}",
                        "rotate of /process in default with {keep=[3]}");
    }

    @Test
    void saysWhyAControlIsNotAnswered() throws IOException {
        assertThat(api.post("/v1/resources/web/controls/get-proceses", ""))
                .startsWith("HTTP/1.1 400")
                .contains("MST2122", "Did you mean 'get-processes'?", "mainstay type show process");
        assertThat(api.post("/v1/resources/web/controls/delete", ""))
                .startsWith("HTTP/1.1 409")
                .contains("MST1007", "it is a notice");
        assertThat(api.post("/v1/resources/web/controls/hang?wait=20ms", ""))
                .startsWith("HTTP/1.1 504")
                .contains("MST1003", "has not answered within 20ms");
        assertThat(api.post("/v1/types/process/controls/get-flags?monitor=defualt", ""))
                .startsWith("HTTP/1.1 400")
                .contains("MST2120", "default");
        assertThat(api.post("/v1/resources/web/controls/get-flags", "no json"))
                .startsWith("HTTP/1.1 400")
                .contains("the body cannot be read");
    }

    @Test
    void namesTheNodeToAskForAControlOfWhatItDoesNotOwn() throws IOException {
        var other = api.folder.resolve("other/api.sock");
        try (var _ = ApiServer.start(other, api.surroundings(new NodeId("n2")))) {
            assertThat(ServedApi.send(other, "POST", "/v1/resources/web/controls/get-flags", ""))
                    .startsWith("HTTP/1.1 409")
                    .contains("MST2123", "node 'n1' owns it, and this is node 'n2'")
                    .contains("mainstay resource control web get-flags. Under 'mainstay run' add: --node n1");
        }
        Files.delete(api.folder.resolve("other"));
        assertThat(api.monitors.asked()).isEmpty();
    }

    @Test
    void showsWhatWasMeasuredOfATypeAndOfAMonitor() throws IOException {
        assertThat(api.get("/v1/types/process"))
                .contains(
                        "\"calls\":[{\"monitor\":\"default\",\"type\":\"process\",\"call\":\"isAlive\",\"count\":12,\"slow\":1")
                .contains("\"slowestStack\":\"at a.B.c(B.java:7)\"")
                .doesNotContain("odd");
        assertThat(api.get("/v1/monitors/default"))
                .contains("\"fresh\":false")
                .contains("\"running\":[{\"resource\":\"web\"")
                .contains("\"polls\":40");
        assertThat(api.get("/v1/monitors")).doesNotContain("measures");
    }

    @Test
    void tellsMetricsInTheTextFormatOfPrometheus() throws IOException {
        var reply = api.get("/metrics");

        assertThat(reply).contains("text/plain; version=0.0.4; charset=utf-8");
        var samples = MetricsText.read(reply.substring(reply.indexOf("\r\n\r\n") + 4));
        assertThat(samples)
                .containsEntry(
                        "mainstay_entry_point_seconds{call=\"isAlive\",monitor=\"default\",type=\"process\","
                                + "quantile=\"0.99\"}",
                        9e-4)
                .containsEntry(
                        "mainstay_entry_point_seconds_count{call=\"isAlive\",monitor=\"default\",type=\"process\"}",
                        12.0)
                .containsEntry(
                        "mainstay_entry_point_slow_calls_total{call=\"isAlive\",monitor=\"default\",type=\"process\"}",
                        1.0)
                .containsEntry(
                        "mainstay_entry_point_seconds_count{call=\"online\",monitor=\"default\","
                                + "type=\"odd \\\"type\\\"\"}",
                        0.0)
                .containsEntry(
                        "mainstay_entry_point_running{call=\"online\",monitor=\"default\",type=\"process\"}", 1.0)
                .containsEntry("mainstay_monitor_measures_fresh{monitor=\"default\"}", 0.0)
                .containsEntry("mainstay_poll_late_max_seconds{monitor=\"default\"}", 0.45)
                .containsEntry("mainstay_monitor_crashes{monitor=\"default\"}", 1.0)
                .containsEntry("mainstay_resources{state=\"online\"}", 2.0)
                .containsEntry("mainstay_resources{state=\"failed\"}", 0.0);
        assertThat(samples.get("mainstay_monitor_measures_age_seconds{monitor=\"default\"}"))
                .isPositive();
    }

    @Test
    void tellsMetricsOfANodeThatHasNotJoined() throws IOException {
        api.joined.set(false);

        var reply = api.get("/metrics");

        assertThat(reply).startsWith("HTTP/1.1 200").contains("mainstay_service_joined{node=\"n1\"} 0.0");
        assertThat(reply).contains("mainstay_monitor_ready").doesNotContain("mainstay_resources");
    }
}
