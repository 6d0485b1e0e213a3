package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.EventView;
import dev.mainstay.dist.Product.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a call costs that does not return, or that ends its monitor: the other resources nothing.
class HangIT {
    private static final int BYSTANDERS = 5;

    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        // What hangs must not keep the cluster service from ending.
        for (var verb : List.of("isalive", "terminate", "open")) {
            hang(verb, false);
            crash(verb, Times.NEVER);
        }
        product.close();
    }

    @Test
    void aHangInIsAliveGivesTheCulpritAMonitorOfItsOwnAndRestartsNobodyElse() throws Exception {
        var service = online();
        var bystanders = bystanders();
        var monitor = service.monitor();

        hang("isalive", true);
        await(
                service,
                "culprit isolated",
                () -> service.client().resource("culprit").monitor().equals("resource-culprit"));
        hang("isalive", false);

        await(
                service,
                "culprit restarted",
                () -> service.client().resource("culprit").restarts() > 0);
        service.await("culprit", "online");
        assertThat(monitor.alive()).isFalse();
        assertThat(bystanders()).isEqualTo(bystanders);
        await(
                service,
                "bystanders hosted again",
                () -> service.client().monitor("default").resources().size() == BYSTANDERS);
        for (int i = 0; i < BYSTANDERS; i++) {
            assertThat(service.client().resource("idle-" + i).restarts()).isZero();
        }
        assertThat(service.client().resource("culprit").monitorNote())
                .contains("isolated until the cluster service restarts");
        assertThat(events(service)).contains("ResourceDeadlocked", "ResourceIsolated", "MonitorEnded");
        var why = product.run("why", "culprit", "--socket", CrashIT.socket(service));
        assertThat(why.output()).contains("isAlive", "has not returned", "evidence: ");
        assertThat(product.folder().resolve("data/evidence")).isNotEmptyDirectory();
    }

    @Test
    void aHangInTerminateIsRetriedLessAndLessOftenAndIsNeverTakenForAtRest() throws Exception {
        var service = online();
        var bystanders = bystanders();

        hang("terminate", true);
        var failed = product.run("resource", "fail", "culprit", "--wait", "0", "--socket", CrashIT.socket(service));
        assertThat(failed.exitCode()).as(failed.toString()).isZero();
        await(
                service,
                "its own monitor waits",
                () -> service.client().monitors().stream()
                        .anyMatch(one -> one.name().equals("resource-culprit")
                                && one.state().equals("waiting")));
        var offline =
                product.run("resource", "offline", "culprit", "--wait", "3s", "--socket", CrashIT.socket(service));

        assertThat(offline.exitCode()).as(offline.toString()).isEqualTo(4);
        assertThat(bystanders()).isEqualTo(bystanders);
        // It runs for the two seconds of a call, then it waits: the notice is there as long as it waits.
        await(
                service,
                "the status says so",
                () -> service.client().status().notices().stream()
                        .anyMatch(notice -> notice.startsWith("monitor 'resource-culprit' on node 'n1' ended ")));

        hang("terminate", false);
        service.await("culprit", "offline");
    }

    @Test
    void aHangInOpenLeavesTheOthersOnline() throws Exception {
        hang("open", true);
        var service = product.service();
        apply(service);
        await(
                service,
                "culprit isolated",
                () -> service.client().monitors().stream()
                        .anyMatch(one -> one.name().equals("resource-culprit") && one.crashes() > 0));

        for (int i = 0; i < BYSTANDERS; i++) {
            service.await("idle-" + i, "online");
        }
        hang("open", false);
        service.await("culprit", "online");
    }

    @Test
    void aCrashInIsAliveGivesTheCulpritAMonitorOfItsOwnWhichAdoptsIt() throws Exception {
        var service = online();
        var bystanders = bystanders();
        var monitor = service.monitor();

        crash("isalive", Times.ONCE);
        await(
                service,
                "culprit isolated",
                () -> service.client().resource("culprit").monitor().equals("resource-culprit"));

        await(
                service,
                "bystanders hosted again",
                () -> service.client().monitor("default").resources().size() == BYSTANDERS);
        service.await("culprit", "online");
        assertThat(monitor.alive()).isFalse();
        assertThat(bystanders()).isEqualTo(bystanders);
        assertThat(service.client().resource("culprit").restarts()).isZero();
        assertThat(service.client().resource("culprit").monitorNote())
                .contains("ended by signal 6 while entry point 'isAlive' of resource 'culprit' (type 'script')");
        assertThat(events(service)).contains("MonitorEnded", "ResourceIsolated").doesNotContain("ResourceCrashed");
    }

    @Test
    void whoCrashesTheMonitorOfItsOwnHasFailed() throws Exception {
        var service = online();
        var bystanders = bystanders();

        crash("isalive", Times.ALWAYS);
        await(service, "it crashed its own monitor", () -> events(service).contains("ResourceCrashed"));
        crash("isalive", Times.NEVER);

        await(
                service,
                "culprit restarted",
                () -> service.client().resource("culprit").restarts() > 0);
        service.await("culprit", "online");
        assertThat(bystanders()).isEqualTo(bystanders);
        assertThat(service.client().monitor("default").crashes()).isEqualTo(1);
    }

    private Service online() throws Exception {
        var service = product.service();
        apply(service);
        service.await("culprit", "online");
        for (int i = 0; i < BYSTANDERS; i++) {
            service.await("idle-" + i, "online");
        }
        return service;
    }

    private void apply(Service service) throws Exception {
        var script = product.write("culprit.sh", """
                #!/bin/sh
                cd %s
                while [ -e hang-$1 ]; do sleep 0.1; done
                grep -qs ONCE crash-$1 && rm crash-$1 && kill -ABRT $PPID && exec sleep 100
                [ -e crash-$1 ] && kill -ABRT $PPID && exec sleep 100
                exit 0
                """.formatted(product.folder()));
        script.toFile().setExecutable(true);
        var text = new StringBuilder("""
                groups:
                  all:
                    resources:
                      culprit:
                        type: script
                        properties: {scriptFilePath: "%s", checkTimeout: 1h, timeout: 1h}
                        isAliveInterval: 300ms
                        deadlockTimeout: 2s
                        restart: {delay: 0ms, threshold: 100}
                """.formatted(script));
        for (int i = 0; i < BYSTANDERS; i++) {
            text.append("      idle-%d: {type: process, properties: {command: [/bin/sleep, \"10000%d\"]}}%n"
                    .formatted(i, i));
        }
        var manifest = product.write("hang.yaml", text.toString());
        var applied = product.run("apply", "-f", manifest.toString(), "--yes", "--socket", CrashIT.socket(service));
        assertThat(applied.exitCode()).as(applied.toString()).isZero();
    }

    private void hang(String verb, boolean hangs) throws IOException {
        Path mark = product.folder().resolve("hang-" + verb);
        if (hangs) {
            Files.writeString(mark, "");
        } else {
            Files.deleteIfExists(mark);
        }
    }

    /// How often a script ends the monitor that runs it.
    private enum Times {
        NEVER,
        ONCE,
        ALWAYS
    }

    private void crash(String verb, Times times) throws IOException {
        Path mark = product.folder().resolve("crash-" + verb);
        if (times == Times.NEVER) {
            Files.deleteIfExists(mark);
        } else {
            var written = Files.writeString(product.folder().resolve("crash-mark"), times.name());
            Files.move(written, mark);
        }
    }

    private List<Sighting> bystanders() {
        return Sighting.ofResources(product.folder()).stream()
                .filter(seen -> seen.command().startsWith("/bin/sleep 10000"))
                .toList();
    }

    private static List<String> events(Service service) {
        return service.client().events("", 1000).stream().map(EventView::event).toList();
    }

    private static void await(Service service, String what, java.util.function.BooleanSupplier condition) {
        Await.until(what, Product.PATIENCE, () -> service.client().monitors() + "\n" + service.log(), condition);
    }
}
