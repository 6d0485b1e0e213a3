package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.linux.FileLocks;
import dev.mainstay.linux.Mount;
import dev.mainstay.linux.MountTable;
import dev.mainstay.monitor.link.ServiceEnd;
import dev.mainstay.monitor.process.NetworkNamespace;
import dev.mainstay.monitor.process.Shell;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An address, a lock and a mount under the real monitor, which is killed.
class NodeTypesAdoptionIT {
    private static final List<String> RESOURCES = List.of("address", "lock", "mount");

    @TempDir
    Path directory;

    private final List<Process> monitors = new ArrayList<>();
    private NetworkNamespace network;
    private ServiceEnd service;

    @BeforeEach
    void listen() throws Exception {
        network = new NetworkNamespace("n");
        network.ip("link", "add", "eth0", "type", "veth", "peer", "name", "far");
        network.ip("link", "set", "eth0", "up");
        network.ip("link", "set", "far", "up");
        network.ip("addr", "add", "192.0.2.2/24", "dev", "eth0");
        service = new ServiceEnd();
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (var monitor : monitors) {
            monitor.destroyForcibly().waitFor();
        }
        service.close();
        network.remove();
        for (var pid : Files.exists(file()) ? FileLocks.holders(file()) : List.<Long>of()) {
            Shell.run("kill", "-9", Long.toString(pid));
        }
        if (mounted().isPresent()) {
            Shell.run("umount", point().toString());
        }
    }

    @Test
    void theNextMonitorAdoptsThemUntouchedAndTakesThemOffline() throws Exception {
        var killed = start();
        for (var name : RESOURCES) {
            service.send(new ToMonitor.Open(spec(name)));
            report(name, HeldState.OFFLINE);
            service.send(new ToMonitor.Online(name, 1, 1, "REQUESTED"));
            report(name, HeldState.ONLINE);
        }
        Files.writeString(point().resolve("file"), "kept");
        var address = address();
        var holders = FileLocks.holders(file());
        var mount = mounted().orElseThrow();
        assertThat(address).contains("192.0.2.10/24");
        assertThat(holders).hasSize(1);

        killed.destroyForcibly().waitFor();
        var second = start();
        for (var name : RESOURCES) {
            service.send(new ToMonitor.Open(spec(name)));
            assertThat(report(name, HeldState.ONLINE).detail()).startsWith("adopted");
        }

        assertThat(address()).isEqualTo(address);
        assertThat(FileLocks.holders(file())).isEqualTo(holders);
        assertThat(mounted()).contains(mount);
        assertThat(point().resolve("file")).hasContent("kept");

        // events reach the adopted ones as well
        network.ip("addr", "del", "192.0.2.10/24", "dev", "eth0");
        assertThat(report("address", HeldState.FAILED).detail()).contains("address 192.0.2.10 was removed from 'eth0'");

        service.send(new ToMonitor.Stop("SHUTDOWN"));
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(address()).doesNotContain("192.0.2.10");
        assertThat(FileLocks.holders(file())).isEmpty();
        assertThat(mounted()).isEmpty();
    }

    private String address() throws Exception {
        return network.ip("-o", "-4", "addr", "show", "dev", "eth0");
    }

    private Path file() {
        return directory.resolve("locked");
    }

    private Path point() {
        return directory.resolve("mounted");
    }

    private Optional<Mount> mounted() throws Exception {
        return MountTable.read().at(point());
    }

    private Process start() throws Exception {
        var before = List.of("nsenter", "--net=/run/netns/" + network.name());
        var scope = "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName());
        var monitor = new MonitorProcess(directory.resolve("m"), before).startFor(service, scope);
        monitors.add(monitor);
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 20_000));
        service.read(ToService.Inventory.class, _ -> true);
        return monitor;
    }

    private HeldResource report(String name, HeldState state) throws Exception {
        return service.read(
                        ToService.Report.class,
                        report -> report.held().resource().equals(name)
                                && report.held().state() == state)
                .held();
    }

    private ResourceSpec spec(String name) {
        return switch (name) {
            case "address" ->
                spec(name, "ip-address", Map.of("address", List.of("192.0.2.10"), "duplicateCheck", List.of("100ms")));
            case "lock" -> spec(name, "file-lock", Map.of("path", List.of(file().toString())));
            default ->
                spec(
                        name,
                        "filesystem",
                        Map.of(
                                "device", List.of("memory"),
                                "fsType", List.of("tmpfs"),
                                "mountPoint", List.of(point().toString())));
        };
    }

    private static ResourceSpec spec(String name, String type, Map<String, List<String>> properties) {
        return new ResourceSpec(name, "group", type, properties, List.of(), 0, 0, 0, 0, 1);
    }
}
