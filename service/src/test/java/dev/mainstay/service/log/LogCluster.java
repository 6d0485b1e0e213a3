package dev.mainstay.service.log;

import dev.mainstay.core.state.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Several logs in one process; their replicas keep what was applied as lines of text.
final class LogCluster implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;
    private static final int COPIES_MAX = 10;

    private final String name;
    private final Path directory;
    private final RatisSettings.Sizes sizes;
    private final SortedMap<NodeId, String> members = new TreeMap<>();
    private final List<Member> open = new ArrayList<>();
    /// Told of every change; members wait on it.
    private final Object changes = new Object();

    LogCluster(Path directory, int size) throws IOException {
        this("test", directory, size, RatisSettings.Sizes.USUAL);
    }

    LogCluster(String name, Path directory, int size, RatisSettings.Sizes sizes) throws IOException {
        this.name = name;
        this.directory = directory;
        this.sizes = sizes;
        var taken = new ArrayList<ServerSocket>();
        for (int i = 1; i <= size; i++) {
            var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            taken.add(socket);
            members.put(new NodeId("n" + i), "127.0.0.1:" + socket.getLocalPort());
        }
        for (var socket : taken) {
            socket.close();
        }
    }

    /// From now on members look for this one at the address of another cluster's.
    void mistake(String node, LogCluster other) {
        var id = new NodeId(node);
        members.put(id, other.members.getOrDefault(id, ""));
    }

    Member open(String node) throws IOException {
        return openIn(node, node);
    }

    Member openIn(String node, String folder) throws IOException {
        return open(node, folder, "");
    }

    /// A member whose administrator gave it the key of another cluster.
    Member openWithKey(String node, String key) throws IOException {
        return open(node, node, key);
    }

    private Member open(String node, String folder, String key) throws IOException {
        var id = new NodeId(node);
        var own = new TreeMap<>(members);
        if (!folder.equals(node)) {
            // The address is in use by the log that the files were copied from.
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                own.put(id, "127.0.0.1:" + socket.getLocalPort());
            }
        }
        var member = new Member(id);
        member.log = Optional.of(RatisLog.open(
                new Membership(name, id, own, key),
                directory.resolve(folder),
                sizes,
                member,
                member.fatal::completeExceptionally));
        open.add(member);
        return member;
    }

    /// What another process would find now: the engine may remove a part of its log meanwhile.
    void copyFiles(String from, String to) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                copyOnce(from, to);
                return;
            } catch (NoSuchFileException | UncheckedIOException removed) {
                if (tries == COPIES_MAX) {
                    throw removed;
                }
                SampleDirectory.delete(directory.resolve(to));
            }
        }
    }

    private void copyOnce(String from, String to) throws IOException {
        var source = directory.resolve(from);
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                var copy = directory.resolve(to).resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (!file.endsWith("in_use.lock")) {
                    Files.copy(file, copy);
                }
            }
        }
    }

    Member awaitLeader() throws InterruptedException {
        await("a leader", () -> open.stream().anyMatch(Member::leads));
        return open.stream().filter(Member::leads).findFirst().orElseThrow();
    }

    private void await(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        synchronized (changes) {
            while (!holds.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("waited %d s for %s; members are %s".formatted(LIMIT_SECONDS, what, open));
                }
                changes.wait(left);
            }
        }
    }

    /// How often a member began to lead.
    int elections() {
        synchronized (changes) {
            return open.stream().mapToInt(member -> member.elections).sum();
        }
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(Member::close);
    }

    /// One member: its log and its replica.
    final class Member implements ReplicatedLog.Replica {
        private final NodeId id;
        private final List<String> lines = new ArrayList<>();
        private final CompletableFuture<Void> fatal = new CompletableFuture<>();
        private boolean leads;
        private boolean restored;
        private int elections;
        private Optional<RatisLog> log = Optional.empty();

        Member(NodeId id) {
            this.id = id;
        }

        NodeId id() {
            return id;
        }

        /// Why it can never go on.
        Throwable awaitFatal() throws Exception {
            return fatal.handle((_, why) -> why).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        int elections() {
            synchronized (changes) {
                return elections;
            }
        }

        RatisLog log() {
            return log.orElseThrow();
        }

        List<String> applied() {
            synchronized (changes) {
                return List.copyOf(lines);
            }
        }

        boolean restored() {
            synchronized (changes) {
                return restored;
            }
        }

        private boolean leads() {
            return leads && log().leads();
        }

        void awaitLeading() throws InterruptedException {
            LogCluster.this.await(id + " leading", () -> leads);
        }

        void awaitRestored() throws InterruptedException {
            LogCluster.this.await("a snapshot on " + id, () -> restored);
        }

        void awaitApplied(String line) throws InterruptedException {
            LogCluster.this.await("'%s' on %s".formatted(line, id), () -> lines.contains(line));
        }

        void propose(String line) throws Exception {
            log().propose(line.getBytes(StandardCharsets.UTF_8)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        String ask(String question) throws Exception {
            var answer = log().askLeader(question.getBytes(StandardCharsets.UTF_8));
            return new String(answer.get(LIMIT_SECONDS, TimeUnit.SECONDS), StandardCharsets.UTF_8);
        }

        void close() {
            open.remove(this);
            log().close();
            try {
                log().awaitReleased();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void apply(byte[] entry) {
            synchronized (changes) {
                var line = new String(entry, StandardCharsets.UTF_8);
                // As the cluster's replica does: what comes a second time is ignored.
                if (!lines.contains(line)) {
                    lines.add(line);
                }
                changes.notifyAll();
            }
        }

        @Override
        public boolean admits(byte[] entry) {
            return !new String(entry, StandardCharsets.UTF_8).startsWith("unsealed");
        }

        @Override
        public byte[] snapshot() {
            return String.join("\n", applied()).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void restore(byte[] snapshot) {
            synchronized (changes) {
                restored = true;
                lines.clear();
                new String(snapshot, StandardCharsets.UTF_8).lines().forEach(lines::add);
                changes.notifyAll();
            }
        }

        @Override
        public CompletableFuture<byte[]> answer(byte[] question) {
            return CompletableFuture.completedFuture(
                    (id + " heard " + new String(question, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void leadership(boolean becomes) {
            synchronized (changes) {
                leads = becomes;
                elections += becomes ? 1 : 0;
                changes.notifyAll();
            }
        }

        @Override
        public String toString() {
            return "%s(leads %s, %s)".formatted(id, leads, lines);
        }
    }
}
