package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisLogTest {
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
}
