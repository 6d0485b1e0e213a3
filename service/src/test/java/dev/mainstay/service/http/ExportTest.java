package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExportTest {
    private static final String ODD = """
            types:
              process: {monitor: type, memory: 64MiB, cpu: 150%, isolation: 90s, isAliveInterval: 61s}
            groups:
              empty: {resources: {}, online: false, description: "a \\"b\\" \\\\ $c: #d"}
              shop:
                preferredOwners: [n1]
                failoverThreshold: 2
                failoverPeriod: 90min
                resources:
                  "1e3":
                    type: process
                    dependsOn: data or other
                    description: "true"
                    possibleOwners: [n1]
                    monitor: separate
                    embeddedFailureAction: log
                    pendingTimeout: 1500ms
                    restart: {action: restart, threshold: 0, period: 1h, delay: 1ms, retryPeriod: never}
                    properties:
                      command: ["/bin/w b", "", "- x", "$$HOME $${a} $$$$", "\\t\\u0001\\u2028\\n'\\"", "é💥", "null"]
                      stopSignal: QUIT
                      environment: {A: "1=2", "b c": "yes # no"}
                  data: {type: script, properties: {scriptFilePath: "/bin/data: x"}}
                  other: {type: script, properties: {scriptFilePath: /bin/other}}
            """;

    private final ServedApi api;

    ExportTest() throws IOException {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void appliesAgainWithoutADifference() throws IOException {
        assertThat(api.post("/v1/apply", ODD)).startsWith("HTTP/1.1 200");
        var exported = exported("/v1/manifest");

        assertThat(api.post("/v1/apply?dryRun=true", exported))
                .as(exported)
                .startsWith("HTTP/1.1 200")
                .endsWith("\"changes\":[]}");
        api.post("/v1/groups/shop/offline?wait=10s", "");
        assertThat(api.send("DELETE", "/v1/groups/shop", "")).startsWith("HTTP/1.1 200");
        assertThat(api.post("/v1/apply", exported)).startsWith("HTTP/1.1 200");
        assertThat(exported("/v1/manifest")).isEqualTo(exported);
    }

    @Test
    void exportsOneGroup() throws IOException {
        api.post("/v1/apply", ODD);

        assertThat(exported("/v1/manifest?group=shop")).contains("\"shop\":").doesNotContain("empty");
        assertThat(api.get("/v1/manifest?group=shpo")).contains("MST2101", "Did you mean 'shop'?");
    }

    private String exported(String path) throws IOException {
        var answer = api.get(path);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("ETag: \"c", "Content-Type: application/yaml");
        var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return new String(
                body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), java.nio.charset.StandardCharsets.UTF_8);
    }
}
