package dev.mainstay.service.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.SizeInBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisLogTest {
    private static final RatisSettings.Sizes SMALL = new RatisSettings.Sizes(20, SizeInBytes.valueOf("4KB"));

    @TempDir
    Path directory;

    @Test
    void aNodeAloneLeadsAndAppliesWhatItProposes() throws Exception {
        try (var cluster = new LogCluster(directory, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("a");
            n1.propose("b");

            assertThat(n1.applied()).containsExactly("a", "b");
            assertThat(n1.log().leader()).contains(n1.id());
            assertThat(n1.ask("who")).isEqualTo("n1 heard who");
        }
    }

    @Test
    void refusesAnEntryThatTheEngineWouldNotTakeAndGoesOnLeading() throws Exception {
        try (var cluster = new LogCluster(directory, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            var most = RatisLog.ENTRY_MOST;

            n1.log().propose(new byte[most]).get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> n1.log().propose(new byte[most + 1]).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ReplicatedLog.EntryTooLarge.class)
                    .hasMessageContaining("nothing was changed: an entry of %d bytes".formatted(most + 1));
            n1.propose("later");

            assertThat(n1.applied()).hasSize(2).endsWith("later");
            assertThat(n1.log().leads()).isTrue();
        }
    }

    @Test
    void entriesAreThereAgainAfterAnOrderlyEndWithItsSnapshot() throws Exception {
        try (var cluster = new LogCluster(directory, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("a");
            n1.close();
            var again = cluster.open("n1");
            again.awaitLeading();
            again.propose("b");

            assertThat(again.applied()).containsExactly("a", "b");
        }
    }

    @Test
    void entriesAreThereAgainAfterTheProcessWasKilled() throws Exception {
        try (var cluster = new LogCluster(directory, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("a");
            n1.propose("b");
            // What a killed process leaves: its files as they are at this moment.
            cluster.copyFiles("n1", "killed");
            var again = cluster.openIn("n1", "killed");
            again.awaitLeading();

            assertThat(again.restored()).as("no snapshot was taken").isFalse();
            assertThat(again.applied()).containsExactly("a", "b");
        }
    }

    @Test
    void threeNodesAgreeAndSurviveTheirLeader() throws Exception {
        try (var cluster = new LogCluster(directory, 3)) {
            var all = List.of(cluster.open("n1"), cluster.open("n2"), cluster.open("n3"));
            var leader = cluster.awaitLeader();
            leader.propose("a");
            for (var member : all) {
                member.awaitApplied("a");
            }
            var follower = all.stream()
                    .filter(member -> !member.equals(leader))
                    .findFirst()
                    .orElseThrow();
            assertThat(follower.ask("who")).isEqualTo(leader.id() + " heard who");

            leader.close();
            var asked = follower.log().askLeader("who".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var next = cluster.awaitLeader();
            assertThat(next.id()).isNotEqualTo(leader.id());
            assertThat(new String(asked.get(20, TimeUnit.SECONDS), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(next.id() + " heard who");
            next.propose("b");

            var back = cluster.open(leader.id().value());
            back.awaitApplied("b");
            assertThat(back.applied()).containsExactly("a", "b");
        }
    }

    @Test
    void leavesNoFileOpenWhenItIsClosed() throws Exception {
        try (var cluster = new LogCluster("test", directory, 1, SMALL)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            for (int line = 0; line < 3 * SMALL.snapshotEntries(); line++) {
                n1.propose("line " + line);
            }
            n1.close();

            assertThat(openFilesBelow(directory)).isEmpty();
        }
    }

    private static List<Path> openFilesBelow(Path directory) throws IOException {
        var open = new ArrayList<Path>();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors.toList()) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException closedMeanwhile) {
                    open.remove(descriptor);
                }
            }
        }
        return open.stream().filter(file -> file.startsWith(directory)).toList();
    }

    @Test
    void aMemberWithAnotherKeyNeitherJoinsNorVotesNorLeadsAndSaysWhy() throws Exception {
        try (var cluster = new LogCluster(directory, 3)) {
            var members = List.of(cluster.open("n1"), cluster.open("n2"));
            var stranger = cluster.openWithKey("n3", "another");
            var leader = cluster.awaitLeader();
            leader.propose("one");

            assertThat(stranger.awaitFatal())
                    .isInstanceOfSatisfying(
                            DirectoryRefused.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.KEY_DOES_NOT_FIT))
                    .hasMessageContaining("nodes [n1, n2] answer with another key");
            members.stream().filter(member -> member != leader).forEach(LogCluster.Member::close);

            assertThatThrownBy(() -> leader.propose("two"))
                    .as("its vote does not count")
                    .isNotNull();
            assertThat(stranger.applied()).isEmpty();
            assertThat(stranger.elections()).isZero();
        }
    }

    @Test
    void whatNobodySealedIsRefusedAndTakesNoPlaceOnTheDisk() throws Exception {
        try (var cluster = new LogCluster(directory, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("one");
            assertThatThrownBy(() -> n1.propose("unsealed")).hasMessageContaining("no member of the cluster sealed it");
            n1.propose("two");

            assertThat(n1.applied()).containsExactly("one", "two");
            assertThat(SampleDirectory.contents(directory).values())
                    .noneMatch(bytes -> bytes.contains(HexFormat.of().formatHex("unsealed".getBytes(UTF_8))))
                    .anyMatch(bytes -> bytes.contains(HexFormat.of().formatHex("two".getBytes(UTF_8))));
        }
    }

    @Test
    void takesSnapshotsByItselfAndGoesOnFromTheLastOne() throws Exception {
        try (var cluster = new LogCluster("test", directory, 1, SMALL)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            for (int line = 0; line < 10 * SMALL.snapshotEntries(); line++) {
                n1.propose("line " + line);
            }
            var all = n1.applied();
            cluster.copyFiles("n1", "killed");
            var again = cluster.openIn("n1", "killed");
            again.awaitLeading();

            assertThat(again.restored()).as("began with a snapshot").isTrue();
            assertThat(again.applied()).isEqualTo(all);
            again.propose("more");
            assertThat(again.applied()).endsWith("more");
        }
    }

    @Test
    void aFollowerThatIsFarBehindIsGivenASnapshotAndGoesOn() throws Exception {
        try (var cluster = new LogCluster("test", directory, 3, SMALL)) {
            var all = List.of(cluster.open("n1"), cluster.open("n2"), cluster.open("n3"));
            var leader = cluster.awaitLeader();
            leader.propose("first");
            var lagging =
                    all.stream().filter(member -> member != leader).findFirst().orElseThrow();
            lagging.awaitApplied("first");
            lagging.close();
            var line = "x".repeat(200);
            for (int number = 0; number < 10 * SMALL.snapshotEntries(); number++) {
                leader.propose(number + line);
            }

            var back = cluster.open(lagging.id().value());
            back.awaitRestored();
            leader.propose("last");
            back.awaitApplied("last");

            assertThat(back.applied()).isEqualTo(leader.applied());
        }
    }

    @Test
    void twoClustersThatReachEachOtherByMistakeDoNotMix() throws Exception {
        try (var one = new LogCluster("one", directory.resolve("one"), 2, SMALL);
                var two = new LogCluster("two", directory.resolve("two"), 3, SMALL)) {
            two.mistake("n1", one);
            var ones = List.of(one.open("n1"), one.open("n2"));
            one.awaitLeader().propose("one's first");
            var twos = List.of(two.open("n2"), two.open("n3"));
            two.awaitLeader().propose("two's");
            one.awaitLeader().propose("one's second");
            for (var member : ones) {
                member.awaitApplied("one's second");
                assertThat(member.applied()).containsExactly("one's first", "one's second");
            }
            assertThat(one.elections()).as("nobody disturbed its leader").isEqualTo(1);
            for (var member : twos) {
                member.awaitApplied("two's");
                assertThat(member.applied()).containsExactly("two's");
            }
        }
    }

    @Test
    void refusesTheDirectoryOfAnotherCluster() throws Exception {
        try (var one = new LogCluster("one", directory, 1, SMALL)) {
            one.open("n1").awaitLeading();
        }
        try (var two = new LogCluster("two", directory, 1, SMALL)) {
            assertThatThrownBy(() -> two.open("n1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it is the log of cluster 'one'")
                    .hasMessageContaining("for cluster 'two'");
        }
    }
}
