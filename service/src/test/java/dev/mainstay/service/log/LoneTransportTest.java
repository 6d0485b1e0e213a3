package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoneTransportTest {
    /// Which column of these tables holds the number that the descriptor shows.
    private static final int INODE = 9;

    @TempDir
    private Path directory = Path.of("/");

    @Test
    void aNodeAloneOpensNoNetworkSocketAtAll() throws Exception {
        var before = sockets();
        try (var cluster = new LogCluster(directory, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("a");
            assertThat(n1.ask("who")).isEqualTo("n1 heard who");

            assertThat(sockets()).isEqualTo(before);
        }
    }

    @Test
    void aNodeOfSeveralDoes() throws Exception {
        var before = sockets();
        try (var cluster = new LogCluster(directory, 2)) {
            cluster.open("n1");

            assertThat(sockets()).hasSizeGreaterThan(before.size());
        }
    }

    /// The network sockets of this process, listening or not, as the kernel lists them.
    private static Set<String> sockets() throws IOException {
        var own = new TreeSet<String>();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors.toList()) {
                try {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closedMeanwhile) {
                    // Of the listing itself.
                    assertThat(descriptor).doesNotExist();
                }
            }
        }
        var network = new TreeSet<String>();
        for (var protocol : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6")) {
            var table = Path.of("/proc/self/net", protocol);
            if (Files.exists(table)) {
                Files.readAllLines(table).stream()
                        .skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .forEach(columns -> network.add("socket:[%s]".formatted(columns[INODE])));
            }
        }
        network.retainAll(own);
        return network;
    }
}
