package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.service.log.ReplicatedLog.Replica;
import dev.mainstay.service.log.Seal.Purpose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void opensWhatTheSameKeySealedForTheSamePurpose() throws IOException {
        var sealed = seal("a").seal(Purpose.ENTRY, CONTENT);

        assertThat(seal("a").open(Purpose.ENTRY, sealed)).hasValue(CONTENT);
        assertThat(seal("a").open(Purpose.QUESTION, sealed)).isEmpty();
        assertThat(seal("b").open(Purpose.ENTRY, sealed)).isEmpty();
        assertThat(seal("a").open(Purpose.ENTRY, CONTENT)).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(seal("a").open(Purpose.ENTRY, sealed)).isEmpty();
    }

    @Test
    void makesItsKeyOnceAndForItselfOnly() throws IOException {
        seal("a");

        var file = folder.resolve("a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.size(file)).isEqualTo(32);
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws IOException {
        seal("a");
        Files.setPosixFilePermissions(folder.resolve("a"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> seal("a")).isInstanceOf(IOException.class).hasMessageContaining("chmod 600");
    }

    @Test
    void refusesToMakeAKeyForOneOfSeveralMembers() {
        assertThatThrownBy(() -> Seal.of(folder.resolve("none"), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("copy it from another node");
    }

    @Test
    void aLogIgnoresWhatAStrangerWroteAndAsked() throws IOException {
        var replica = new Remembering();
        var below = new ArrayList<Replica>();
        var fatal = new ArrayList<Throwable>();
        var log = SealedLog.open(
                seal("a"), AppliedMark.open(folder.resolve("applied"), -1), replica, fatal::add, given -> {
                    below.add(given);
                    return new MemoryLog(given);
                });
        var stranger = seal("b");

        below.getFirst().apply(seal("a").seal(Purpose.ENTRY, CONTENT));
        below.getFirst().apply(CONTENT);
        below.getFirst().apply(stranger.seal(Purpose.ENTRY, CONTENT));
        below.getFirst().apply(seal("a").seal(Purpose.ENTRY, CONTENT));

        assertThat(replica.applied).containsExactly("content", "content");
        assertThat(fatal).isEmpty();
        assertThatThrownBy(() -> below.getFirst()
                        .answer(stranger.seal(Purpose.QUESTION, CONTENT))
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("not sealed with this cluster's key");
        below.getFirst().restore(stranger.seal(Purpose.SNAPSHOT, CONTENT));
        assertThat(fatal).hasSize(1).first().isInstanceOf(DirectoryRefused.class);
        assertThat(replica.restored).isEmpty();
        assertThat(below.getFirst().admits(stranger.seal(Purpose.ENTRY, CONTENT)))
                .isFalse();
        assertThat(below.getFirst().admits(seal("a").seal(Purpose.ENTRY, CONTENT)))
                .isTrue();
        below.getFirst().restore(below.getFirst().snapshot());
        assertThat(replica.restored).containsExactly("state");
        log.close();
    }

    @Test
    void aMemberWithAnotherKeyHaltsInsteadOfFollowingWithAnEmptyState() throws IOException {
        var replica = new Remembering();
        var below = new ArrayList<Replica>();
        var fatal = new ArrayList<Throwable>();
        var log = SealedLog.open(
                seal("a"), AppliedMark.open(folder.resolve("applied"), -1), replica, fatal::add, given -> {
                    below.add(given);
                    return new MemoryLog(given);
                });

        below.getFirst().apply(seal("b").seal(Purpose.ENTRY, CONTENT));

        assertThat(fatal).hasSize(1);
        assertThat(fatal.getFirst())
                .isInstanceOf(DirectoryRefused.class)
                .hasMessageContaining("copy 'cluster.key' from another one");
        log.close();
    }

    private Seal seal(String key) throws IOException {
        return Seal.of(folder.resolve(key), true);
    }

    private static final class Remembering implements Replica {
        final List<String> applied = new ArrayList<>();
        final List<String> restored = new ArrayList<>();

        @Override
        public void apply(byte[] entry) {
            applied.add(new String(entry, StandardCharsets.UTF_8));
        }

        @Override
        public byte[] snapshot() {
            return "state".getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void restore(byte[] snapshot) {
            restored.add(new String(snapshot, StandardCharsets.UTF_8));
        }

        @Override
        public CompletableFuture<byte[]> answer(byte[] question) {
            return CompletableFuture.completedFuture(question);
        }

        @Override
        public void leadership(boolean leads) {}
    }
}
