package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.log.DirectoryCheck.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What a start says of a data directory of which something is missing, older, foreign or damaged.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectoryCheckTest {
    private static final long SEED = 20261129;
    private static final int BLOCK = 4096;
    /// Nearly all the time of a trial is spent in waiting for the engine's end.
    private static final int AT_ONCE = 16;

    @TempDir
    private static Path folder = Path.of("/nonexistent");

    /// After the first start and after the second one.
    private Path first = Path.of("");

    private Path second = Path.of("");
    private List<String> written = List.of();

    @BeforeAll
    void writeALog() throws Exception {
        try (var data = SampleDirectory.in(folder.resolve("data"))) {
            data.start(Start.USUAL);
            data.propose(30);
        }
        first = SampleDirectory.copy(folder.resolve("data"), folder.resolve("first"));
        try (var data = SampleDirectory.in(folder.resolve("data"))) {
            data.start(Start.USUAL);
            data.propose(30);
            written = data.lines();
        }
        second = SampleDirectory.copy(folder.resolve("data"), folder.resolve("second"));
        assertThat(written).hasSize(60);
    }

    private Path copy(String name) throws IOException {
        return SampleDirectory.copy(second, folder.resolve(name));
    }

    private static void refuses(ErrorCode code, String word, ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        DirectoryRefused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(word);
    }

    private static DirectoryCheck.Admitted admit(Path data) throws IOException {
        return DirectoryCheck.admit(data, SampleDirectory.MEMBERSHIP, Start.USUAL, List.of());
    }

    private static List<String> lines(Path data, Start start) throws Exception {
        try (var again = SampleDirectory.in(data)) {
            again.start(start);
            return again.lines();
        }
    }

    @Test
    void goesOnWithEverythingAndCountsItsStarts() throws Exception {
        var data = copy("usual");

        assertThat(lines(data, Start.USUAL)).isEqualTo(written);
        assertThat(admit(data).identity().incarnation()).isEqualTo(4);
    }

    @Test
    void aLogWithoutItsKeyIsRefusedAndNoKeyIsMade() throws Exception {
        var data = copy("nokey");
        Files.delete(data.resolve("cluster.key"));
        var before = SampleDirectory.contents(data);

        refuses(ErrorCode.KEY_MISSING, "Copy the key back", () -> admit(data));

        assertThat(SampleDirectory.contents(data)).isEqualTo(before);
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        var data = copy("otherkey");
        Files.write(data.resolve("cluster.key"), new byte[32]);
        var before = SampleDirectory.contents(data);

        refuses(ErrorCode.KEY_DOES_NOT_FIT, "another key sealed it", () -> admit(data));

        assertThat(SampleDirectory.contents(data)).isEqualTo(before);
    }

    @Test
    void theDataOfAnotherNodeOrClusterAreRefused() throws Exception {
        var data = copy("foreign");

        refuses(
                ErrorCode.FOREIGN_DATA,
                "node 'n1' of cluster 'test'",
                () -> DirectoryCheck.admit(data, Membership.alone("test", new NodeId("n2")), Start.USUAL, List.of()));
        refuses(
                ErrorCode.FOREIGN_DATA,
                "cluster 'test'",
                () -> DirectoryCheck.admit(data, Membership.alone("other", new NodeId("n1")), Start.USUAL, List.of()));
    }

    @Test
    void aMissingLogIsRefused() throws Exception {
        var data = copy("nolog");
        SampleDirectory.delete(SampleDirectory.MEMBERSHIP.directoryIn(data.resolve("log")));

        refuses(ErrorCode.DATA_OLDER, "is missing", () -> admit(data));
    }

    @Test
    void aMissingLogIsRefusedAlsoWhenOnlyTheRecordsOfResourcesTellOfIt() throws Exception {
        var data = SampleDirectory.emptyIn(folder.resolve("records"));
        Files.createDirectories(data.resolve("records"));
        Files.writeString(data.resolve("records/web.record"), "what a monitor wrote");
        var before = SampleDirectory.contents(data);

        refuses(ErrorCode.DATA_OLDER, "is missing", () -> admit(data));

        assertThat(SampleDirectory.contents(data)).isEqualTo(before);
    }

    @Test
    void anOlderLogIsRefused() throws Exception {
        var data = copy("olderlog");
        SampleDirectory.delete(data.resolve("log"));
        SampleDirectory.copy(first.resolve("log"), data.resolve("log"));

        refuses(ErrorCode.DATA_OLDER, "an older copy", () -> admit(data));
    }

    @Test
    void aCopyIsRefusedWhileResourcesRunThatItMayNotKnow() throws Exception {
        var data = copy("restored");
        var before = SampleDirectory.contents(data);

        refuses(
                ErrorCode.DATA_OLDER,
                "the log is a copy: start 2 wrote it",
                () -> DirectoryCheck.admit(data, SampleDirectory.MEMBERSHIP, Start.USUAL, List.of(4711L)));
        assertThat(SampleDirectory.contents(data)).isEqualTo(before);

        // With nothing running it is what a backup is for.
        assertThat(admit(data).identity().incarnation()).isEqualTo(3);
        // And now it is an original.
        assertThat(DirectoryCheck.admit(data, SampleDirectory.MEMBERSHIP, Start.USUAL, List.of(4711L))
                        .identity()
                        .incarnation())
                .isEqualTo(4);
    }

    @Test
    void aCopyOverTheOriginalFilesIsOneToo() throws Exception {
        var data = copy("overwritten");
        assertThat(admit(data).identity().incarnation()).isEqualTo(3);
        for (var file : SampleDirectory.files(second)) {
            Files.copy(
                    second.resolve(file),
                    data.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }

        refuses(
                ErrorCode.DATA_OLDER,
                "is a copy",
                () -> DirectoryCheck.admit(data, SampleDirectory.MEMBERSHIP, Start.USUAL, List.of(4711L)));
    }

    @Test
    void anEmptyDirectoryIsRefusedWhileResourcesRun() throws Exception {
        var data = SampleDirectory.emptyIn(folder.resolve("emptied"));

        refuses(
                ErrorCode.DATA_OLDER,
                "still run",
                () -> DirectoryCheck.admit(data, SampleDirectory.MEMBERSHIP, Start.USUAL, List.of(4711L)));

        assertThat(SampleDirectory.files(data)).isEmpty();
    }

    @Test
    void aCopyOfOneOfSeveralIsRefused() throws Exception {
        var voters = new TreeMap<>(Map.of(new NodeId("n1"), "127.0.0.1:1", new NodeId("n2"), "127.0.0.1:2"));
        var several = new Membership("test", new NodeId("n1"), voters);
        var data = SampleDirectory.emptyIn(folder.resolve("member"));
        Seal.of(data.resolve("cluster.key"), true);
        var first = DirectoryCheck.admit(data, several, Start.USUAL, List.of());
        var current = Files.createDirectories(
                first.membership().directoryIn(data.resolve("log")).resolve("current"));
        Files.writeString(current.resolve("raft-meta"), "term=1\nvotedFor=n2\n");
        var copied = SampleDirectory.copy(data, folder.resolve("member-copy"));

        refuses(
                ErrorCode.DATA_OLDER,
                "forgotten how this node voted",
                () -> DirectoryCheck.admit(copied, several, Start.USUAL, List.of()));

        assertThat(DirectoryCheck.admit(copied, several, Start.RECOVER, List.of())
                        .identity()
                        .incarnation())
                .isEqualTo(2);
    }

    @Test
    void aMemberWhoseKeyWasReplacedIsRefused() throws Exception {
        var voters = new TreeMap<>(Map.of(new NodeId("n1"), "127.0.0.1:1", new NodeId("n2"), "127.0.0.1:2"));
        var several = new Membership("test", new NodeId("n1"), voters);
        var data = SampleDirectory.emptyIn(folder.resolve("rekeyed"));
        Seal.of(data.resolve("cluster.key"), true);
        var first = DirectoryCheck.admit(data, several, Start.USUAL, List.of());
        Files.createDirectories(first.membership().directoryIn(data.resolve("log")));
        LogOwner.claim(data.resolve("log"), first.membership());
        Files.delete(data.resolve("cluster.key"));
        Seal.of(data.resolve("cluster.key"), true);

        refuses(
                ErrorCode.KEY_DOES_NOT_FIT,
                "another key sealed it",
                () -> DirectoryCheck.admit(data, several, Start.USUAL, List.of()));
    }

    @Test
    void aLogThatLostItsEndIsRefusedAndUsedWhenThatIsAskedFor() throws Exception {
        var data = copy("noend");
        // An orderly end leaves a snapshot of everything.
        for (var file : SampleDirectory.files(data)) {
            if (file.toString().contains("log_inprogress_") || file.toString().contains("snapshot.2_")) {
                Files.delete(data.resolve(file));
            }
        }

        refuses(ErrorCode.DATA_OLDER, "were acknowledged", () -> admit(data));
        assertThat(written).startsWith(lines(data, Start.RECOVER).toArray(String[]::new));
    }

    @Test
    void aLostOrOlderIdentityIsMadeAnewAndTheNumberOfStartsGoesOn() throws Exception {
        var data = copy("noidentity");
        Files.delete(data.resolve("identity"));
        assertThat(admit(data).identity().incarnation()).isEqualTo(3);

        Files.copy(first.resolve("identity"), data.resolve("identity"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(admit(data).identity().incarnation()).isEqualTo(4);
    }

    @Test
    void withoutAnyIdentityItIsRefusedUnlessAnEarlierVersionLeftItsNumber() throws Exception {
        var data = copy("noneatall");
        Files.delete(data.resolve("identity"));
        Files.delete(data.resolve("log/identity"));
        refuses(ErrorCode.DATA_OLDER, "which start wrote it last", () -> admit(data));

        Files.delete(data.resolve("applied"));
        Files.writeString(data.resolve("incarnation"), "7\n");
        assertThat(admit(data).identity().incarnation()).isEqualTo(8);
    }

    @Test
    void aNewClusterPutsEverythingAside() throws Exception {
        var data = copy("anew");
        Files.delete(data.resolve("cluster.key"));

        assertThat(lines(data, Start.NEW_CLUSTER)).isEmpty();
        try (var kept = Files.walk(data.resolve("aside"))) {
            assertThat(kept.map(Path::toString)).anyMatch(file -> file.contains("log_"));
        }
    }

    @Test
    void aMemberOfSeveralIsGivenItsKey() {
        var members = new TreeMap<NodeId, String>();
        members.put(new NodeId("n1"), "127.0.0.1:1");
        members.put(new NodeId("n2"), "127.0.0.1:2");

        refuses(
                ErrorCode.KEY_MISSING,
                "copy it from another node",
                () -> DirectoryCheck.admit(
                        SampleDirectory.emptyIn(folder.resolve("several")),
                        new Membership("test", new NodeId("n1"), members),
                        Start.USUAL,
                        List.of()));
    }

    /// Every file, damaged in every block: all that was acknowledged is there, or the file is named, it is said
    /// what to do, and nothing was changed.
    @Test
    void damageOfAnyBlockIsMendedOrExplained() throws Exception {
        var trials = new ArrayList<Callable<Optional<String>>>();
        var chance = new Random(SEED);
        for (var file : SampleDirectory.files(second)) {
            for (var damage : damagesOf(file, chance)) {
                int number = trials.size();
                trials.add(() -> unexplained(damage, copy("damaged" + number)));
            }
        }
        try (var several = Executors.newFixedThreadPool(AT_ONCE)) {
            var found = new ArrayList<String>();
            for (var trial : several.invokeAll(trials)) {
                trial.get().ifPresent(found::add);
            }
            assertThat(trials.size()).isGreaterThan(60);
            assertThat(found).isEmpty();
        }
    }

    private record Damage(String what, Step step) {
        @FunctionalInterface
        interface Step {
            void to(Path data) throws IOException;
        }
    }

    private List<Damage> damagesOf(Path file, Random chance) throws IOException {
        var damages = new ArrayList<Damage>();
        long size = Files.size(second.resolve(file));
        for (long block = 0; block * BLOCK < size; block++) {
            int at = (int) (block * BLOCK + chance.nextInt((int) Math.min(BLOCK, size - block * BLOCK)));
            int bit = 1 << chance.nextInt(8);
            damages.add(new Damage("flip bit %d of byte %d of '%s'".formatted(bit, at, file), data -> {
                var bytes = Files.readAllBytes(data.resolve(file));
                bytes[at] ^= (byte) bit;
                Files.write(data.resolve(file), bytes);
            }));
            damages.add(new Damage("cut '%s' at byte %d".formatted(file, at), data -> {
                var bytes = Files.readAllBytes(data.resolve(file));
                Files.write(data.resolve(file), Arrays.copyOf(bytes, at));
            }));
        }
        damages.add(new Damage("a directory in place of '%s'".formatted(file), data -> {
            Files.delete(data.resolve(file));
            Files.createDirectories(data.resolve(file).resolve("inner"));
        }));
        damages.add(new Damage("without '%s'".formatted(file), data -> Files.delete(data.resolve(file))));
        return damages;
    }

    private Optional<String> unexplained(Damage damage, Path data) throws Exception {
        damage.step().to(data);
        var before = SampleDirectory.contents(data);
        try {
            var lines = lines(data, Start.USUAL);
            return lines.equals(written)
                    ? Optional.empty()
                    : Optional.of("%s: %d lines are left".formatted(damage.what(), lines.size()));
        } catch (DirectoryRefused refused) {
            var words = String.valueOf(refused.getMessage());
            boolean explained = words.contains(data.toString()) && words.matches("(?s).+: .+\\. .+\\.");
            return explained && SampleDirectory.contents(data).equals(before)
                    ? Optional.empty()
                    : Optional.of("%s: %s".formatted(damage.what(), words));
        } catch (Exception | AssertionError e) {
            return Optional.of("%s: %s".formatted(damage.what(), e));
        } finally {
            SampleDirectory.delete(data);
        }
    }
}
