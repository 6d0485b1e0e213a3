package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.SizeInBytes;

/// A data directory with a real log in it, of a replica that keeps lines of text.
final class SampleDirectory implements AutoCloseable {
    static final Membership MEMBERSHIP = Membership.alone("test", new NodeId("n1"));
    private static final RatisSettings.Sizes SMALL = new RatisSettings.Sizes(20, SizeInBytes.valueOf("8KB"));
    private static final long LIMIT_SECONDS = 30;

    private final Path data;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Void> leads = new CompletableFuture<>();
    private Optional<RatisLog> log = Optional.empty();
    private Optional<ReplicatedLog> sealed = Optional.empty();

    private SampleDirectory(Path data) {
        this.data = data;
    }

    static SampleDirectory in(Path data) throws IOException {
        return new SampleDirectory(emptyIn(data));
    }

    static Path emptyIn(Path data) throws IOException {
        Files.createDirectories(data.resolve("log"));
        return data;
    }

    void start(DirectoryCheck.Start how) throws Exception {
        var admitted = DirectoryCheck.admit(data, MEMBERSHIP, how, List.of());
        sealed = Optional.of(SealedLog.open(
                admitted.seal(), admitted.applied(), new Lines(), leads::completeExceptionally, below -> {
                    var opened =
                            RatisLog.open(MEMBERSHIP, data.resolve("log"), SMALL, below, leads::completeExceptionally);
                    log = Optional.of(opened);
                    return opened;
                }));
        try {
            leads.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof DirectoryRefused refused) {
                throw refused;
            }
            throw e;
        }
    }

    void propose(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            var line = "line %d %s".formatted(lines.size(), "x".repeat(300));
            sealed.orElseThrow().propose(line.getBytes(StandardCharsets.UTF_8)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public void close() throws IOException {
        sealed.ifPresent(ReplicatedLog::close);
        if (log.isPresent()) {
            log.get().awaitReleased();
        }
    }

    static Path copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return to;
    }

    /// The files below a directory, by their paths in it.
    static List<Path> files(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .map(data::relativize)
                    .sorted()
                    .toList();
        }
    }

    /// Each file with its bytes.
    static Map<Path, String> contents(Path data) throws IOException {
        var contents = new TreeMap<Path, String>();
        for (var file : files(data)) {
            contents.put(file, HexFormat.of().formatHex(Files.readAllBytes(data.resolve(file))));
        }
        return contents;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private final class Lines implements ReplicatedLog.Replica {
        @Override
        public void apply(byte[] entry) {
            synchronized (lines) {
                lines.add(new String(entry, StandardCharsets.UTF_8));
            }
        }

        @Override
        public byte[] snapshot() {
            return String.join("\n", lines()).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void restore(byte[] snapshot) {
            synchronized (lines) {
                lines.clear();
                new String(snapshot, StandardCharsets.UTF_8).lines().forEach(lines::add);
            }
        }

        @Override
        public CompletableFuture<byte[]> answer(byte[] question) {
            return CompletableFuture.completedFuture(question);
        }

        @Override
        public void leadership(boolean becomes) {
            if (becomes) {
                leads.complete(null);
            }
        }
    }
}
