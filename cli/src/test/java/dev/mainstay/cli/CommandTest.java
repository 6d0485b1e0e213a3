package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.cli.screen.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    private static final String RESOURCE = """
            {"name":"web-server","group":"web","type":"process","state":"failed","wanted":"online","owner":"n1",
             "since":"2026-11-21T12:00:00Z","checkpoint":"","detail":"exit code 1","recovery":"restart in 500 ms",
             "attempt":2,"restarts":1,"dependsOn":"web-ip","reason":"it ended","properties":{"command":["/bin/x","y"]},
             "conditions":{"locked":"it is being copied","maintenance":"in maintenance since noon by user anna"}}""";
    private static final String GROUP = """
            {"name":"web","description":"","state":"pending","wanted":"online","owner":"n1","movingTo":"n2","epoch":3,"failovers":0,
             "reason":"it moves","resources":[%s]}""".formatted(RESOURCE);
    private static final String STATUS = """
            {"cluster":"website","revision":12,"node":"n1","leader":"n1",
             "nodes":[{"name":"n1","state":"up","leader":true,"monitor":4711},
                      {"name":"n2","state":"down","leader":false,"monitor":0}],"groups":[%s]}""".formatted(GROUP);
    private static final String CALLS = """
            {"monitor":"default","type":"script","call":"online","count":7,"slow":2,
             "durations":{"p50Micros":950,"p90Micros":1200,"p99Micros":45600,"p999Micros":50000,"maxMicros":1500000},
             "slowestResource":"web","slowestAt":"2026-11-21T12:00:00Z","slowestStack":"at a.B"}""";
    private static final String DONE = "{\"outcome\":\"done\",\"message\":\"group 'web' is online.\",\"revision\":7}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CannedService service;

    @BeforeEach
    void start() throws IOException {
        service = new CannedService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void showsTheClusterAsAlignedTables() {
        service.json("GET /v1/status", STATUS);

        assertThat(run("status")).isZero();
        assertThat(written()).isEqualTo("""
                        cluster website, revision 12, asked node n1

                        NODE  STATE  ROLE    MONITOR
                        n1    up     leader  pid 4711
                        n2    down

                        GROUP/RESOURCE  TYPE     STATE    OWNER     SINCE     NOTE
                        web                      pending  n1 -> n2            it moves
                          web-server    process  failed             12:00:00  in maintenance; exit code 1; restart in 500 ms; locked: it is being copied
                        """);
    }

    @Test
    void saysWhenEachChangedPropertyTakesEffect() {
        service.json("POST /v1/resources/web/properties", """
                {"applied":true,"configRevision":9,"changes":[{"action":"change","kind":"resource","name":"web",
                 "details":["port: 80 -> 8080 (at once)"],"consequence":"takes effect at once, without a restart"}]}""");

        assertThat(run("resource", "set", "web", "port=8080", "--unset", "user"))
                .isZero();
        assertThat(written()).isEqualTo("""
                        ~ change resource web (takes effect at once, without a restart)
                            port: 80 -> 8080 (at once)
                        """);
        assertThat(run("resource", "set", "web", "port")).isEqualTo(2);
        assertThat(complaint()).contains("'port' is no PROPERTY=VALUE");
    }

    @Test
    void showsWhatAControlAnswersLineByLine() {
        service.json("POST /v1/resources/web/controls/get-processes", """
                {"kind":"resource","name":"web","code":"get-processes","node":"n1","monitor":"default",
                 "output":{"pids":["4711","4712"],"leader":["4711"]}}""");

        assertThat(run("resource", "control", "web", "get-processes", "deep=true", "--wait", "5s"))
                .isZero();
        assertThat(written()).isEqualTo("""
                        NAME    VALUE
                        leader  4711
                        pids    4711
                                4712
                        """);
        assertThat(service.requests()).singleElement().asString().contains("wait=5000ms");
        assertThat(run("resource", "control", "web", "get-processes", "deep")).isEqualTo(2);
        assertThat(complaint()).contains("control 'get-processes' of resource 'web': 'deep' is no NAME=VALUE");
        assertThat(run("resource", "control", "web", "get-processes", "--wait", "0"))
                .isEqualTo(2);
    }

    @Test
    void asksAControlOfATypeInTheMonitorThatIsNamed() {
        service.json("POST /v1/types/script/controls/rotate", """
                {"kind":"type","name":"script","code":"rotate","node":"n1","monitor":"type-script","output":{}}""");

        assertThat(run("type", "control", "script", "rotate", "--monitor", "type-script"))
                .isZero();
        assertThat(written()).isEqualTo("Done; control 'rotate' has nothing to tell.\n");
        assertThat(service.requests()).singleElement().asString().contains("monitor=type-script");
    }

    @Test
    void showsATypeWithItsControlsAndItsCallsInEachMonitor() {
        service.json("GET /v1/types/script", """
                {"name":"script","version":"1.0.0","help":"Runs scripts.","looksAliveInterval":"5s",
                 "isAliveInterval":"1min","pendingTimeout":"3min","deadlockTimeout":"5min","properties":[],
                 "plugin":"script","loadedFrom":"/opt/script","contractVersion":1,"independent":true,
                 "controls":[{"code":"rotate","of":"resource","writes":true,"input":["keep"],"help":"Rotates."}],
                 "calls":[%s,%s]}""".formatted(
                        CALLS, CALLS.replace("\"default\"", "\"other\"").replace("at a.B", "")));

        assertThat(run("type", "show", "script", "--stacks")).isZero();
        assertThat(written()).isEqualTo("""
                        type            script
                        version         1.0.0
                        LooksAlive      every 5s
                        IsAlive         every 1min
                        pending         at most 3min without progress
                        deadlock        after 5min
                        loaded from     /opt/script
                        contract        version 1
                        calls           of different resources may overlap

                        Runs scripts.

                        No properties.

                        CONTROL  OF            INPUT  CHANGES    WHAT IT DOES
                        rotate   the resource  keep   something  Rotates.

                        MONITOR  CALL    COUNT  P50    P90     P99     MAX    OVER 300ms  SLOWEST
                        default  online  7      950us  1.20ms  45.6ms  1.50s  2           web at 12:00:00
                        other    online  7      950us  1.20ms  45.6ms  1.50s  2           web at 12:00:00

                        The slowest online of type 'script' in monitor 'default' stood after 300 ms at:
                            at a.B
                        """);
    }

    @Test
    void showsAMonitorWithWhatRunsAndHowLateItsChecksAre() {
        service.json("GET /v1/monitors/default", """
                {"name":"default","node":"n1","state":"ready","pid":7,"since":"","startsAt":"","debugPort":0,
                 "crashes":0,"lastEnd":"","lastEndAt":"","evidence":"","memoryMib":59.5,"limits":"","trouble":"",
                 "isolated":[],"resources":["web"],"refusedTypes":[],
                 "measures":{"monitor":"default","at":"2026-11-21T12:00:00Z","fresh":false,"calls":[%s],
                  "running":[{"resource":"web","type":"script","call":"online","since":"2026-11-21T11:59:00Z"}],
                  "pollsLate":{"p50Micros":80,"p90Micros":90,"p99Micros":2000,"p999Micros":3000,"maxMicros":4000},
                  "polls":12}}""".formatted(CALLS));

        assertThat(run("monitor", "show", "default")).isZero();
        assertThat(written())
                .contains("script  online  7      950us  1.20ms  45.6ms  1.50s  2           web at 12:00:00")
                .contains("Where the slowest stood is shown with --stacks.")
                .contains("online   script  web       11:59:00")
                .contains("12 checks, begun late by 80us (half of them), 2.00ms (99%), 4.00ms at most.")
                .contains("! The monitor did not answer: these are the figures of 2026-11-21 12:00:00.");
    }

    @Test
    void beginsAndEndsMaintenance() {
        service.json("POST /v1/resources/db/maintenance", DONE);

        assertThat(run("resource", "maintenance", "db", "on", "--reason", "new disk"))
                .isZero();
        assertThat(service.requests()).singleElement().asString().contains("on=true&reason=new%20disk");
        assertThat(run("resource", "maintenance", "db", "perhaps")).isEqualTo(2);
        assertThat(complaint()).contains("'perhaps' is neither on nor off");
    }

    @Test
    void writesJsonWhereItIsAskedFor() {
        service.json("GET /v1/groups", "[" + GROUP + "]");

        assertThat(run("-o", "json", "group", "list")).isZero();
        assertThat(written()).startsWith("[").contains("\"movingTo\": \"n2\"");
    }

    @ParameterizedTest
    @CsvSource({"done,0", "failed,3", "pending,4"})
    void endsWithTheExitCodeOfTheOutcome(String outcome, int exitCode) {
        service.json("POST /v1/groups/web/online", DONE.replace("\"done\"", "\"" + outcome + "\""));

        assertThat(run("group", "online", "web")).isEqualTo(exitCode);
        assertThat(written()).isEqualTo(exitCode == 0 ? "group 'web' is online.\n" : "");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        switch (outcome) {
                            case "failed" -> """
                    MST1007 group 'web' is online.
                            What led there:  mainstay why web
                    """;
                            case "pending" -> """
                    MST1006 group 'web' is online.
                            It goes on. What led there:  mainstay why web
                    """;
                            default -> "";
                        });
    }

    @Test
    void deletesByTheNameAloneWhenOnlyOneThingHasIt() {
        service.json("GET /v1/groups", "[]");
        service.json("GET /v1/resources", "[]");
        service.json("DELETE /v1/resources/db", DONE);

        assertThat(run("delete", "db")).isZero();

        assertThat(service.requests()).last().asString().startsWith("DELETE /v1/resources/db");
    }

    @Test
    void doesNotCallAPendingOutcomeLateWhenNobodyWaited() {
        service.json("POST /v1/groups/web/move", DONE.replace("\"done\"", "\"pending\""));

        assertThat(run("group", "move", "web", "--to", "n2", "--wait", "0")).isZero();
        assertThat(service.requests()).containsExactly("POST /v1/groups/web/move?to=n2 HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({"400,MST2101,2", "409,MST2107,3", "503,MST1002,5", "504,MST1003,6", "500,MST9001,1"})
    void showsTheErrorOfTheServiceAndItsExitCode(int status, String code, int exitCode) {
        service.answer(
                "GET /v1/groups/web",
                status,
                "{\"code\":\"" + code + "\",\"detail\":\"it is so.\",\"advice\":\"Do this.\",\"problems\":[]}");

        assertThat(run("group", "show", "web")).isEqualTo(exitCode);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(code + " it is so.\n        Do this.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"clus",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                ""
            })
    void callsGarbageAndHalfAnswersNoService(String bytes) {
        service.raw("GET /v1/status", bytes);

        assertThat(run("status")).isEqualTo(5);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("MST1001 cannot show the status: ");
    }

    @Test
    void saysThatTheOutcomeIsUnknownWhenAChangeGetsNoAnswer() {
        service.raw("POST /v1/groups/web/offline", "");

        assertThat(run("group", "offline", "web")).isEqualTo(6);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("MST1003 ").contains("take group 'web' offline");
    }

    @Test
    void readsChunkedAnswers() {
        service.raw(
                "GET /v1/groups",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1;x=y\r\n]\r\n0\r\n\r\n");

        assertThat(run("group", "list", "-o", "json")).isZero();
        assertThat(written().replaceAll("\\s", "")).isEqualTo("[]");
    }

    @Test
    void showsTheTypesWithTheirPluginsAndWhatMonitorsRefused() {
        service.json("GET /v1/types", """
                {"types":[{"name":"acme","version":"1.0","help":"Keeps it: online. More of it.","properties":[],
                           "looksAliveInterval":"5s","isAliveInterval":"1min","pendingTimeout":"","deadlockTimeout":"",
                           "plugin":"acme","loadedFrom":"/p/acme.jar","independent":true,"contractVersion":1}],
                 "refused":["plugin 'bad.jar': file 'bad.jar' is not in the list"],"plugins":"/p"}""");

        assertThat(run("type", "list")).isZero();
        assertThat(written()).isEqualTo("""
                        TYPE  VERSION  LOOKSALIVE  ISALIVE  PLUGIN  WHAT IT IS
                        acme  1.0      5s          1min     acme    Keeps it.

                        Refused by the monitors of this node:
                          plugin 'bad.jar': file 'bad.jar' is not in the list
                        """);
        assertThat(run("type", "list", "-o", "json")).isZero();
        assertThat(written()).contains("\"refused\": [", "\"loadedFrom\": \"/p/acme.jar\"");
    }

    @Test
    void writesErrorsAsJsonWhereItIsAskedFor() {
        service.answer(
                "GET /v1/groups/web",
                400,
                "{\"code\":\"MST2101\",\"detail\":\"it is so.\",\"advice\":\"Do this.\",\"problems\":[]}");

        assertThat(run("group", "show", "web", "-o", "json")).isEqualTo(2);
        assertThat(complaint()).contains("\"code\": \"MST2101\"", "\"advice\": \"Do this.\"");
        err.reset();
        assertThat(runAsIs(List.of("group", "shwo", "--output=json"))).isEqualTo(2);
        assertThat(complaint()).contains("\"code\": \"MST2001\"", "Did you mean 'show'?");
    }

    @Test
    void showsTheLatestEventsUnlessItIsSaidAfterWhichOne() {
        service.json("GET /v1/events", "[]");

        assertThat(run("events", "--limit", "5")).isZero();
        assertThat(run("events", "--after", "7.1")).isZero();
        assertThat(service.requests())
                .containsExactly(
                        "GET /v1/events?latest=true&limit=5 HTTP/1.1", "GET /v1/events?after=7.1&limit=100 HTTP/1.1");
    }

    @Test
    void forgetsFailures() {
        service.json("POST /v1/resources/db/reset", DONE);
        service.json("POST /v1/groups/web/reset", DONE);

        assertThat(run("resource", "reset", "db")).isZero();
        assertThat(run("group", "reset", "web", "--dry-run")).isZero();
        assertThat(service.requests()).last().asString().contains("dryRun=true");
    }

    @Test
    void showsEveryPlaceInABrokenManifest(@TempDir Path folder) throws IOException {
        var manifest = Files.writeString(folder.resolve("web.yaml"), "grop: web\n");
        service.answer("POST /v1/apply", 400, """
                {"code":"MST2001","detail":"cannot apply 'web.yaml': it has 1 problem.","advice":"",
                 "problems":[{"file":"web.yaml","line":1,"column":1,"message":"unknown key 'grop'",
                              "advice":"Did you mean 'group'?"}]}""");

        assertThat(run("apply", "-f", manifest.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        MST2001 cannot apply 'web.yaml': it has 1 problem.
                                web.yaml:1:1: unknown key 'grop'
                                  Did you mean 'group'?
                        """);
    }

    @Test
    void asksForYesWhereNobodyCanAnswer(@TempDir Path folder) throws IOException {
        var manifest = Files.writeString(folder.resolve("web.yaml"), "group: web\n");
        service.json("POST /v1/apply", """
                {"applied":false,"configRevision":4,"changes":[{"action":"add","kind":"group","name":"web",
                 "details":[],"consequence":""}]}""");

        assertThat(run("apply", "-f", manifest.toString())).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("MST2001", "whether to carry out 1 change. Nothing was changed.", "Add --yes");
        assertThat(service.requests()).hasSize(1).first().asString().contains("dryRun=true");
    }

    @Test
    void showsThePlanAndCarriesItOut(@TempDir Path folder) throws IOException {
        var manifest = Files.writeString(folder.resolve("web.yaml"), "group: web\n");
        service.json("POST /v1/apply", """
                {"applied":true,"configRevision":4,"changes":[{"action":"add","kind":"group","name":"web",
                 "details":["online: true"],"consequence":"is brought online"}]}""");

        assertThat(run("apply", "-f", manifest.toString(), "--yes")).isZero();
        assertThat(written()).isEqualTo("""
                        + add group web (is brought online)
                            online: true

                        Applied 1 change, configuration revision 4.
                        """);
        assertThat(service.requests()).hasSize(2).first().asString().contains("dryRun=true");
    }

    @ParameterizedTest
    @CsvSource({
        "sttus, Did you mean 'status'?",
        "group moev web, Did you mean 'move'?",
        "group, Usage: mainstay group list|show|online",
        "group move web --two n2, Did you mean '--to'?",
        "group move web, --to NODE",
        "group move, it needs NAME",
        "status now, it does not take 'now'",
        "status -o xml, Use table or json",
        "group online web --wait 5, a whole number with a unit",
        "events --limit 0, from 1 to 1000",
        "delete node n1, only groups and resources",
        "completion zsh, only bash",
        "apply -f /none, there is no such file",
        "run /none, there is no such file",
        "status --socket, is missing"
    })
    void refusesWrongWordsAndNamesTheRightOnes(String words, String expected) {
        assertThat(runAsIs(List.of(words.split(" ")))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("MST2001 ").contains(expected);
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        for (var verb : Verbs.ALL) {
            out.reset();
            var words = new ArrayList<>(List.of(verb.words().split(" ")));
            words.add("--help");

            assertThat(runAsIs(words)).as(verb.words()).isZero();
            assertThat(written()).startsWith("Usage: mainstay " + verb.words()).contains(verb.summary());
        }
    }

    @Test
    void keepsControlCharactersOfAServiceFromTheTerminal() {
        service.json("GET /v1/status", STATUS.replace("it moves", "\\u001b[2Jgone"));

        assertThat(run("status")).isZero();
        assertThat(written()).doesNotContain("\u001b").contains("\\x1b[2Jgone");
    }

    private int run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--socket", service.socket().toString()));
        return runAsIs(all);
    }

    private int runAsIs(List<String> words) {
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader("")),
                false,
                false,
                ZoneOffset.UTC,
                Map.of("XDG_STATE_HOME", "/nonexistent"));
        return Main.run(words, terminal);
    }

    private String complaint() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
