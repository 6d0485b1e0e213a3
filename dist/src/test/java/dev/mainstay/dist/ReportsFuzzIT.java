package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.Product.Service;
import dev.mainstay.fixtures.Invented;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a monitor may say to its service, invented by chance with a fixed seed: the service lives and decides.
///
/// The product runs with another monitor: one that has the right key and says what it likes.
class ReportsFuzzIT {
    private static final String MONITOR = """
            package dev.mainstay.monitor;

            import dev.mainstay.fixtures.Invented;
            import dev.mainstay.protocol.*;
            import java.io.*;
            import java.net.*;
            import java.nio.channels.SocketChannel;
            import java.nio.file.*;
            import java.util.*;

            public final class Main {
                private static SocketChannel channel;

                public static void main(String[] args) throws Exception {
                    var line = List.of(args);
                    var folder = Path.of(line.get(line.indexOf("--data") + 1)).getParent();
                    var monitor = line.get(line.indexOf("--monitor") + 1);
                    var token = new BufferedReader(new InputStreamReader(System.in)).readLine();
                    var stat = Files.readString(Path.of("/proc/self/stat"));
                    var self = new ToService.Hello.ProcessRef(
                            ProcessHandle.current().pid(),
                            Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]),
                            Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
                    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                    channel.connect(UnixDomainSocketAddress.of(line.get(line.indexOf("--socket") + 1)));
                    tell(new ToService.Hello(1, 2, monitor, token, self));
                    Frames.read(channel, ToMonitor.class);
                    tell(new ToService.Inventory(
                            List.of(new TypeSpec("loose", "1", "Any.", List.of(), 5000, 60000, 1000, 1000, true)),
                            List.of()));
                    if (monitor.equals("default")) {
                        Thread.ofPlatform().daemon().start(() -> talk(folder));
                    }
                    while (true) {
                        switch (Frames.read(channel, ToMonitor.class)) {
                            case ToMonitor.Beat beat -> tell(new ToService.Beat(beat.number()));
                            case ToMonitor.Stop _ -> System.exit(0);
                            default -> {}
                        }
                    }
                }

                private static synchronized void tell(ToService message) throws IOException {
                    Frames.write(channel, ToService.class, message);
                }

                private static void talk(Path folder) {
                    try {
                        while (!Files.exists(folder.resolve("go"))) {
                            Thread.sleep(20);
                        }
                        var invented = new Invented(
                                new Random(20261129), List.of("web", "web", "db", "loose", "default", "shop", "n1"));
                        for (int told = 0; told < 3000; ) {
                            var message = invented.of(ToService.class);
                            switch (message) {
                                // what costs the connection or the process is told elsewhere
                                case ToService.Hello _, ToService.Doomed _, ToService.Deadlocked _ -> {}
                                default -> {
                                    tell(message);
                                    told++;
                                }
                            }
                        }
                        Files.createFile(folder.resolve("told"));
                    } catch (Exception e) {
                        e.printStackTrace();
                        System.exit(9);
                    }
                }
            }
            """;

    private final Path work = temporary();
    private final Product product = new Product(work.resolve("product/bin/mainstay"));

    private static Path temporary() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "msp");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        product.close();
        Product.delete(work);
    }

    private void installWithTheOtherMonitor() throws Exception {
        var built = SourceTree.root().resolve("dist/target/mainstay");
        assertThat(new ProcessBuilder(
                                "sh",
                                "-euc",
                                "cp -a \"$0\" \"$1\"; rm -rf \"$1\"/caches \"$1\"/lib/monitor/mainstay-monitor-*",
                                built.toString(),
                                work.resolve("product").toString())
                        .start()
                        .waitFor())
                .isZero();
        var source = Files.writeString(work.resolve("Main.java"), MONITOR);
        var classes = work.resolve("classes");
        var told = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        told,
                        told,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(result).as(told.toString(StandardCharsets.UTF_8)).isZero();
        try (var out = new JarOutputStream(
                        Files.newOutputStream(work.resolve("product/lib/monitor/mainstay-monitor.jar")));
                var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                out.write(Files.readAllBytes(file));
            }
            var name = Invented.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            try (var in = Objects.requireNonNull(Invented.class.getResourceAsStream("Invented.class"))) {
                out.write(in.readAllBytes());
            }
        }
    }

    @Test
    void nothingThatAMonitorSaysEndsTheServiceOrKeepsItFromDeciding() throws Exception {
        installWithTheOtherMonitor();
        var service = product.service();
        var manifest = product.write("shop.yaml", """
                groups:
                  shop:
                    resources:
                      web: {type: loose}
                      db: {type: loose}
                """);
        done(service, "apply", "-f", manifest.toString(), "--yes");

        product.write("go", "");
        Await.until(
                "all is told",
                Product.PATIENCE,
                service::log,
                () -> Files.exists(product.folder().resolve("told"))
                        || !service.process().isAlive());

        done(service, "status");
        done(service, "why", "web");
        done(service, "monitor", "list");
        done(service, "group", "maintenance", "shop", "on", "--reason", "who decides");
        assertThat(service.process().isAlive()).isTrue();
        assertThat(service.log()).doesNotContain("bug").doesNotContain("ended by an error");
        assertThat(product.folder().resolve("told")).exists();
    }

    private void done(Service service, String... words) throws Exception {
        var line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--socket", CrashIT.socket(service)));
        var ended = product.run(line.toArray(String[]::new));
        assertThat(ended.exitCode()).as("%s%n%s", ended, service.log()).isZero();
    }
}
