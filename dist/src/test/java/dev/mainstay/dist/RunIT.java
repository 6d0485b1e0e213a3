package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The main job: `mainstay run FILE`.
class RunIT {
    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void keepsTheWebsiteOfTheExamplesOnlineAndLeavesNothingBehind() throws Exception {
        var front = Front.start(
                product, SourceTree.root().resolve("examples/website.yaml").toString());

        front.until("the page", () -> Front.page("http://127.0.0.1:8080/").contains("<html"));
        front.await("n1", "web", "online");
        int code = front.interrupt();

        assertThat(code).as(front.text()).isZero();
        assertThat(front.text()).contains("web online", "web offline", "everything is offline");
        assertThat(Front.page("http://127.0.0.1:8080/")).isEmpty();
        nothingIsLeft();
    }

    @Test
    void restartsTheWebServerWhenItDies() throws Exception {
        var front = Front.start(
                product, SourceTree.root().resolve("examples/website.yaml").toString());
        front.await("n1", "web", "online");
        var before = Sighting.ofResource(product.folder(), "web").stream()
                .filter(seen -> seen.command().contains("8080"))
                .toList();
        assertThat(before).hasSize(1);

        before.getFirst().kill();

        front.until("the page again", () -> Front.page("http://127.0.0.1:8080/").contains("<html"));
        front.until("web restarted", () -> front.node("n1").resource("web").restarts() == 1);
        front.await("n1", "web", "online");
        assertThat(product.run("why", "web", "--socket", front.socket("n1").toString())
                        .output())
                .contains("signal 9", "restart 1 of 3");
        assertThat(front.interrupt()).isZero();
    }

    @Test
    void keepsAWebServerBehindALockAndTakesItDownWhenTheLockIsLost() throws Exception {
        var front = Front.start(
                product, SourceTree.root().resolve("examples/guarded.yaml").toString());
        front.await("n1", "web", "online");
        front.await("n1", "guard", "online");
        var lock = "/tmp/mainstay-guarded.lock";
        assertThat(new ProcessBuilder("flock", "--nonblock", lock, "true")
                        .start()
                        .waitFor())
                .isNotZero();

        Sighting.ofResource(product.folder(), "guard").getFirst().kill();

        front.until("guard restarted", () -> front.node("n1").resource("guard").restarts() == 1);
        front.await("n1", "web", "online");
        assertThat(front.interrupt()).isZero();
        assertThat(new ProcessBuilder("flock", "--nonblock", lock, "true")
                        .start()
                        .waitFor())
                .isZero();
        nothingIsLeft();
    }

    @Test
    void runsARealPostgresql() throws Exception {
        var front = Front.start(
                product, SourceTree.root().resolve("examples/postgresql.yaml").toString());

        front.await("n1", "server", "online");
        var answer = product.folder().resolve("answer.txt");
        var asked = new ProcessBuilder("psql", "-h", "127.0.0.1", "-p", "5433", "-U", "postgres", "-Atc", "select 6*7")
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile())
                .start();
        assertThat(asked.waitFor(60, TimeUnit.SECONDS)).isTrue();
        int code = front.interrupt();

        assertThat(Files.readString(answer).strip()).isEqualTo("42");
        assertThat(code).as(front.text()).isZero();
        // Both may be told in one step, in the order of their names.
        assertThat(front.text()).contains("server offline", "data offline");
        nothingIsLeft();
    }

    @Test
    void startsAnOcfAgentAgainWhenItSaysThatItDoesNotRun() throws Exception {
        var text = Files.readString(SourceTree.root().resolve("examples/ocf.yaml"));
        var agent = "agent: heartbeat:Dummy";
        assertThat(text).contains(agent);
        var notes = product.folder().resolve("notes");
        var front = Front.start(
                product,
                product.write("ocf.yaml", text.replace(agent, agent + "\n          runFolder: " + notes))
                        .toString());
        front.await("n1", "dummy", "online");

        Files.delete(notes.resolve("Dummy-dummy.state"));

        front.until("dummy restarted", () -> front.node("n1").resource("dummy").restarts() == 1);
        front.await("n1", "dummy", "online");
        assertThat(notes.resolve("Dummy-dummy.state")).exists();
        assertThat(product.run("why", "dummy", "--socket", front.socket("n1").toString())
                        .output())
                .contains("OCF_NOT_RUNNING", "No process state file found", "restart 1 of 3");
        assertThat(front.interrupt()).as(front.text()).isZero();
        assertThat(notes.resolve("Dummy-dummy.state")).doesNotExist();
        nothingIsLeft();
    }

    @Test
    void startsNothingOfABrokenManifestAndNamesFileAndLine() throws Exception {
        var manifest = product.write("broken.yaml", """
                groups:
                  website:
                    resources:
                      web:
                        type: proces
                        properties: {command: [/bin/touch, %s/started]}
                """.formatted(product.folder()));

        var ended = product.run("run", manifest.toString(), "--data", product.folder() + "/run");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("broken.yaml:5", "proces", "process");
        assertThat(product.folder().resolve("started")).doesNotExist();
        nothingIsLeft();
    }

    @Test
    void servicesEndInGoodOrderWhenTheFrontIsKilled() throws Exception {
        var front = Front.start(product, sleeper());
        front.await("n1", "sleeper", "online");

        front.process().destroyForcibly().waitFor();

        front.until(
                "everything ended",
                () -> Sighting.commanded(product.folder().toString()).isEmpty());
    }

    @Test
    void startsAKilledClusterServiceAgainWithoutTouchingWhatItRuns() throws Exception {
        var front = Front.start(product, sleeper());
        front.await("n1", "sleeper", "online");
        var before = Sighting.commanded(product.folder().toString()).stream()
                .filter(seen -> seen.command().contains("dev.mainstay.service.Main"))
                .toList();
        var sleepers = Sighting.ofResource(product.folder(), "sleeper");
        assertThat(before).hasSize(1);
        assertThat(sleepers).isNotEmpty();

        before.getFirst().kill();

        front.until("started again", () -> front.text().contains("starting it again"));
        front.await("n1", "sleeper", "online");
        assertThat(Sighting.ofResource(product.folder(), "sleeper")).isEqualTo(sleepers);
        assertThat(front.interrupt()).isZero();
        nothingIsLeft();
    }

    private String sleeper() throws IOException {
        return product.write("sleeper.yaml", """
                        groups:
                          quiet:
                            resources:
                              sleeper:
                                type: process
                                properties: {command: [/bin/sleep, "100001"]}
                        """).toString();
    }

    private void nothingIsLeft() {
        assertThat(Sighting.commanded(product.folder().toString())).isEmpty();
    }
}
