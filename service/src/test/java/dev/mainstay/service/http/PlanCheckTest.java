package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.service.http.TypeCheck.Missing;
import dev.mainstay.service.http.TypeCheck.Verdict;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What cannot work is refused when a manifest is applied; what may come is told.
class PlanCheckTest {
    private static final Verdict NO_PROGRAM = new Verdict(
            List.of(),
            List.of(new Missing(
                    "the program '/srv/data/bin/web' is missing", "/srv/data/bin/web", "/srv/data/bin/web")));
    private static final String ALONE = """
            groups:
              shop:
                resources:
                  web: {type: process, properties: {command: [/srv/data/bin/web]}}
            """;

    private final ServedApi api;

    PlanCheckTest() throws IOException {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/apply?dryRun=true", "/v1/apply"})
    void refusesWhatIsMissingOnTheOnlyNode(String route) throws Exception {
        api.verdicts.put("web", NO_PROGRAM);

        var answer = api.post(route, ALONE);

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("resource 'web' cannot work on node 'n1': the program '/srv/data/bin/web' is missing")
                .contains("\"line\":4");
        assertThat(api.get("/v1/resources/web")).contains("no such resource");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/apply?dryRun=true", "/v1/apply"})
    void refusesWhatCannotWorkAnywhereWhateverElseThereIs(String route) throws Exception {
        api.verdicts.put("web", new Verdict(List.of("argument 1 is 140000 bytes long"), List.of()));

        assertThat(api.post(route, ServedApi.SHOP))
                .startsWith("HTTP/1.1 400")
                .contains("resource 'web' cannot work: argument 1 is 140000 bytes long");
    }

    @Test
    void tellsOfWhatAProviderMayBring() throws Exception {
        api.verdicts.put("web", NO_PROGRAM);

        assertThat(api.post("/v1/apply", ServedApi.SHOP))
                .startsWith("HTTP/1.1 200")
                .contains("not on node 'n1' now: the program '/srv/data/bin/web' is missing");
    }

    @Test
    void tellsOfWhatLiesBelowAFolderThatAnotherResourceNames() throws Exception {
        api.verdicts.put("web", NO_PROGRAM);

        assertThat(api.post("/v1/apply", ALONE + """
                      other: {type: process, properties: {command: [/bin/mounts, /srv/data]}}
                """))
                .startsWith("HTTP/1.1 200")
                .contains("not on node 'n1' now");
    }

    @Test
    void refusesAMissingAccountWhateverElseIsInTheGroup() throws Exception {
        api.verdicts.put("web", new Verdict(List.of(), List.of(new Missing("this node has no such user", "", ""))));

        assertThat(api.post("/v1/apply", ALONE + """
                      agent: {type: script, properties: {scriptFilePath: /bin/data}}
                """))
                .startsWith("HTTP/1.1 400")
                .contains("this node has no such user");
    }

    @Test
    void isNotTakenInByAnotherResourceThatBringsNothing() throws Exception {
        api.verdicts.put("web", NO_PROGRAM);

        assertThat(api.post("/v1/apply", ALONE + """
                      other: {type: process, properties: {command: [/bin/true, /srv/database]}}
                """)).startsWith("HTTP/1.1 400");
    }

    @Test
    void asksAboutWhatChangesOnly() throws Exception {
        assertThat(api.post("/v1/apply", ALONE)).startsWith("HTTP/1.1 200");
        api.verdicts.put("web", NO_PROGRAM);

        assertThat(api.post("/v1/apply", ALONE)).startsWith("HTTP/1.1 200");
        assertThat(api.post("/v1/apply", ALONE.replace("/bin/web", "/bin/web2")))
                .startsWith("HTTP/1.1 400");
        assertThat(api.send("POST", "/v1/resources/web/properties", "{\"set\": {\"user\": \"nobody\"}, \"unset\": []}"))
                .startsWith("HTTP/1.1 400")
                .contains("the program '/srv/data/bin/web' is missing");
    }
}
