package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What cannot work is refused before it is decided; what stops working later is not repeated as if it would pass.
class CannotWorkIT {
    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void isRefusedWithItsLimitAndNotRepeatedInVain() throws Exception {
        var service = product.service();
        var socket = service.data().resolve("run/api.sock").toString();
        var plain = product.write("plain", "text");
        var everything = manifest("wrong", """
                program: {type: process, properties: {command: [/no/such/program]}}
                notexecutable: {type: process, properties: {command: ["%s"]}}
                account: {type: process, properties: {command: [/bin/sleep, "60"], user: nobodyhere}}
                longname: {type: process, properties: {command: [/bin/sleep, "60"], log: "/tmp/%s"}}
                script: {type: script, properties: {scriptFilePath: /no/such/script}}
                agent: {type: ocf, properties: {agent: "heartbeat:NoSuchAgent"}}
                label:
                  type: ip-address
                  properties: {address: 192.0.2.10, interface: v0, label: "v0:webservinterface1"}
                disk:
                  type: filesystem
                  properties: {device: "LABEL=longer-than-sixteen", mountPoint: /mnt/x, fsType: ext4}
                page: {type: http, properties: {url: "ftp://x/"}}
                """.formatted(plain, "y".repeat(256)));

        for (var how : new String[] {"--dry-run", "--yes"}) {
            var refused = product.run("apply", "-f", everything, how, "--socket", socket);

            assertThat(refused.exitCode())
                    .as(refused.output() + refused.errors())
                    .isEqualTo(2);
            assertThat(refused.output() + refused.errors())
                    .contains("'/no/such/program' does not exist on this node")
                    .contains("'" + plain + "' is not an executable file")
                    .contains("user 'nobodyhere': this node has no such user")
                    .contains("256 bytes long, and file systems take 255")
                    .contains("'/no/such/script' does not exist")
                    .contains("this node has no agent 'heartbeat:NoSuchAgent'")
                    .contains("longer than the 15 characters")
                    .contains("19 bytes long, and a file system of type 'ext4' keeps 16")
                    .contains("no http or https URL");
        }
        assertThat(service.client().resources()).isEmpty();

        var program = Files.writeString(product.folder().resolve("program"), "#!/bin/sh\nexec sleep 600\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        var good = manifest("good", """
                web: {type: process, properties: {command: ["%s"]}}
                """.formatted(program));
        assertThat(product.run("apply", "-f", good, "--yes", "--socket", socket).exitCode())
                .isZero();
        service.await("web", "online");
        Files.delete(program);
        assertThat(product.run("resource", "restart", "web", "--socket", socket).exitCode())
                .isNotZero();

        service.await("web", "failed");
        assertThat(product.run("why", "web", "--socket", socket).output())
                .contains(
                        "no restart mends this failure of web",
                        "does not exist on this node",
                        "next attempt after 1 min")
                .doesNotContain("restart 1 of 3");
        Files.writeString(program, "#!/bin/sh\nexec sleep 600\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(product.run("resource", "online", "web", "--socket", socket).exitCode())
                .isZero();
        service.await("web", "online");
    }

    private String manifest(String name, String resources) throws IOException {
        return product.write(name + ".yaml", "groups:\n  " + name + ":\n    resources:\n" + resources.indent(6))
                .toString();
    }
}
