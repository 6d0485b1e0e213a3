package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.MonitorView;
import dev.mainstay.dist.Product.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Resources in monitors of their own, of their group and of their type; what becomes of them when these die.
class SeveralMonitorsIT {
    private static final String MANIFEST = """
            types:
              script: {monitor: type}
            groups:
              shop:
                resources:
                  shared: {type: process, properties: {command: [/bin/sleep, "100001"]}}
                  alone: {type: process, monitor: separate, properties: {command: [/bin/sleep, "100002"]}}
                  grouped: {type: process, monitor: group, properties: {command: [/bin/sleep, "100003"]}}
                  typed: {type: script, properties: {scriptFilePath: /bin/true}}
            """;

    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void hostsEachResourceWhereItsSettingsSay() throws Exception {
        var service = online();

        assertThat(hosts(service))
                .containsEntry("shared", "default")
                .containsEntry("alone", "resource-alone")
                .containsEntry("grouped", "group-shop")
                .containsEntry("typed", "type-script");
        assertThat(service.client().monitors())
                .hasSize(4)
                .allMatch(one -> one.state().equals("ready"))
                .extracting(MonitorView::pid)
                .doesNotHaveDuplicates();
        var list = product.run("monitor", "list", "--socket", CrashIT.socket(service));
        assertThat(list.output()).contains("resource-alone", "group-shop", "type-script", "1 resource");
    }

    @Test
    void aRestartedServiceTakesUpEveryMonitor() throws Exception {
        var first = online("--hold", "30s");
        var monitors = pids(first);
        var processes = Sighting.ofResources(product.folder());

        first.kill();
        var second = product.service("--hold", "30s");

        allOnline(second);
        assertThat(pids(second)).isEqualTo(monitors);
        assertThat(Sighting.ofResources(product.folder())).isEqualTo(processes);
    }

    @Test
    void whatRunsIsAdoptedWhenTheServiceAndEveryMonitorAreKilled() throws Exception {
        var first = online("--hold", "30s");
        var hosts = hosts(first);
        var processes = Sighting.ofResources(product.folder());

        first.kill();
        Sighting.commanded(product.folder().toString()).stream()
                .filter(seen -> seen.command().contains("dev.mainstay.monitor.Main"))
                .forEach(Sighting::kill);
        var second = product.service("--hold", "30s");

        allOnline(second);
        assertThat(hosts(second)).isEqualTo(hosts);
        assertThat(Sighting.ofResources(product.folder())).isEqualTo(processes);
    }

    @Test
    void aMonitorThatKeepsDyingIsStartedLessAndLessOften() throws Exception {
        var service = online();
        var processes = Sighting.ofResources(product.folder());

        for (int kills = 1; kills <= 3; kills++) {
            int expected = kills;
            var monitor = monitor(service, "group-shop");
            monitor.kill();
            Await.until(
                    "the end is noticed",
                    Product.PATIENCE,
                    service::log,
                    () -> service.client().monitor("group-shop").crashes() == expected);
            if (kills == 3) {
                assertThat(service.client().monitor("group-shop").state()).isEqualTo("waiting");
            }
            ready(service, "group-shop");
        }

        service.await("grouped", "online");
        assertThat(Sighting.ofResources(product.folder())).isEqualTo(processes);
        var replaced = product.run("monitor", "restart", "resource-alone", "--socket", CrashIT.socket(service));
        assertThat(replaced.exitCode()).as(replaced.toString()).isZero();
        ready(service, "resource-alone");
        assertThat(service.client().monitor("resource-alone").crashes()).isZero();
        assertThat(Sighting.ofResources(product.folder())).isEqualTo(processes);
    }

    @Test
    void aChangedMonitorTakesEffectWhenTheResourceHasBeenOffline() throws Exception {
        var service = online();
        apply(service, MANIFEST.replace("shared: {type", "shared: {monitor: separate, type"));
        assertThat(hosts(service)).containsEntry("shared", "default");
        assertThat(service.client().resource("shared").monitorNote()).contains("goes to monitor 'resource-shared'");

        var socket = CrashIT.socket(service);
        assertThat(product.run("resource", "offline", "shared", "--socket", socket)
                        .exitCode())
                .isZero();
        assertThat(product.run("resource", "online", "shared", "--socket", socket)
                        .exitCode())
                .isZero();

        assertThat(hosts(service)).containsEntry("shared", "resource-shared");
    }

    @Test
    void aDebuggedResourceHasAMonitorOfItsOwnWithAPortThatSpeaksTheDebuggersProtocol() throws Exception {
        var service = online();
        var socket = CrashIT.socket(service);
        var running = product.run("resource", "debug", "shared", "--socket", socket);
        assertThat(running.output()).contains("after it has been offline");
        assertThat(hosts(service)).containsEntry("shared", "default");

        assertThat(product.run("resource", "offline", "shared", "--socket", socket)
                        .exitCode())
                .isZero();
        assertThat(product.run("resource", "online", "shared", "--socket", socket)
                        .exitCode())
                .isZero();

        var debug = service.client().monitor("debug-shared");
        assertThat(debug.resources()).containsExactly("shared");
        assertThat(handshake(debug.debugPort())).isEqualTo("JDWP-Handshake");
        assertThat(product.run("resource", "show", "shared", "--socket", socket).output())
                .contains("debugger at 127.0.0.1:" + debug.debugPort());
        assertThat(product.run("status", "--socket", socket).output()).contains("is debugged at 127.0.0.1");

        assertThat(product.run("resource", "offline", "shared", "--socket", socket)
                        .exitCode())
                .isZero();
        var stopped = product.run("resource", "debug", "shared", "--stop", "--socket", socket);
        assertThat(stopped.output()).contains("goes back to monitor 'default' at once");
        assertThat(product.run("resource", "online", "shared", "--socket", socket)
                        .exitCode())
                .isZero();
        assertThat(hosts(service)).containsEntry("shared", "default");
    }

    @Test
    void whoMayOnlyOperateMayNotDebug() throws Exception {
        var service = online();
        java.nio.file.Files.delete(product.folder().resolve("data/run/owner.sock"));

        var refused = product.run("resource", "debug", "shared", "--socket", CrashIT.socket(service));

        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.errors()).contains("MST2121", "owner.sock");
    }

    private Service online(String... options) throws Exception {
        var service = product.service(options);
        apply(service, MANIFEST);
        allOnline(service);
        return service;
    }

    private void apply(Service service, String text) throws Exception {
        var manifest = product.write("several.yaml", text);
        var applied = product.run("apply", "-f", manifest.toString(), "--yes", "--socket", CrashIT.socket(service));
        assertThat(applied.exitCode()).as(applied.toString()).isZero();
    }

    private static void allOnline(Service service) {
        for (var name : new String[] {"shared", "alone", "grouped", "typed"}) {
            service.await(name, "online");
            // Known from before, it may still be adopted.
            Await.until(
                    name + " hosted",
                    Product.PATIENCE,
                    service::log,
                    () -> !service.client().resource(name).monitor().isEmpty());
        }
    }

    private static Map<String, String> hosts(Service service) {
        var hosts = new TreeMap<String, String>();
        service.client().resources().forEach(one -> hosts.put(one.name(), one.monitor()));
        return hosts;
    }

    private static Map<String, Long> pids(Service service) {
        var pids = new TreeMap<String, Long>();
        service.client().monitors().forEach(one -> pids.put(one.name(), one.pid()));
        return pids;
    }

    private static Sighting monitor(Service service, String name) {
        long pid = service.client().monitor(name).pid();
        return Sighting.commanded("dev.mainstay.monitor.Main").stream()
                .filter(seen -> seen.pid() == pid)
                .findFirst()
                .orElseThrow();
    }

    private static void ready(Service service, String monitor) {
        Await.until(
                monitor + " ready",
                Product.PATIENCE,
                () -> service.client().monitors() + service.log(),
                () -> service.client().monitor(monitor).state().equals("ready")
                        && !service.client().monitor(monitor).resources().isEmpty());
    }

    private static String handshake(int port) throws IOException {
        var greeting = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.getOutputStream().write(greeting);
            return new String(socket.getInputStream().readNBytes(greeting.length), StandardCharsets.US_ASCII);
        }
    }
}
