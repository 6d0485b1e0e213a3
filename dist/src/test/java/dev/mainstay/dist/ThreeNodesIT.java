package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Three cluster services with their monitors on loopback, one replicated database.
class ThreeNodesIT {
    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void movesAGroupInOrderAndLeavesNothingBehindInTheConfiguration() throws Exception {
        var front = threeNodes();
        var owner = front.node("n1").group("trio").owner();
        var target = owner.equals("n2") ? "n3" : "n2";
        var asked = front.node(target);

        // Any node accepts a command, whoever decides.
        var moved = product.run(
                "group",
                "move",
                "trio",
                "--to",
                target,
                "--socket",
                asked.socket().toString());

        assertThat(moved.exitCode()).as(moved + front.text()).isZero();
        var group = asked.group("trio");
        assertThat(group.owner()).isEqualTo(target);
        assertThat(group.movingTo()).isEmpty();
        assertThat(group.state()).isEqualTo("online");
        assertThat(Sighting.ofResource(product.folder(), "web")).hasSize(1);
        var planned = product.run(
                "apply",
                "-f",
                product.folder() + "/trio.yaml",
                "--dry-run",
                "--socket",
                asked.socket().toString());
        assertThat(planned.exitCode()).isZero();
        assertThat(planned.output()).contains("Nothing to change");
        assertThat(front.interrupt()).as(front.text()).isZero();
        assertThat(Sighting.commanded(product.folder().toString())).isEmpty();
    }

    @Test
    void aRestartedNodeCatchesUp() throws Exception {
        var front = threeNodes();
        var leader = front.node("n1").status().leader();
        var follower = List.of("n1", "n2", "n3").stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
        var service = Sighting.commanded(front.data().resolve(follower).toString()).stream()
                .filter(seen -> seen.command().contains("dev.mainstay.service.Main"))
                .findFirst()
                .orElseThrow();

        service.kill();
        var second = product.write("second.yaml", """
                groups:
                  second:
                    online: false
                    resources:
                      idle:
                        type: process
                        properties: {command: [/bin/sleep, "100003"]}
                """);
        var applied = product.run(
                "apply",
                "-f",
                second.toString(),
                "--yes",
                "--socket",
                front.socket(leader).toString());
        assertThat(applied.exitCode()).as(applied.toString()).isZero();

        front.await(follower, "idle", "offline");
        front.until(
                "the same state on both",
                () -> front.node(follower)
                        .group("second")
                        .owner()
                        .equals(front.node(leader).group("second").owner()));
        assertThat(front.interrupt()).as(front.text()).isZero();
    }

    @Test
    void losesNoAcknowledgedChangeWhenTheLeaderIsKilled() throws Exception {
        var front = threeNodes();
        var leader = front.node("n1").status().leader();
        var other = leader.equals("n1") ? "n2" : "n1";
        var offline = product.run(
                "group", "offline", "trio", "--socket", front.socket(other).toString());
        assertThat(offline.exitCode()).as(offline.toString()).isZero();

        Sighting.commanded(front.data().resolve(leader).toString()).stream()
                .filter(seen -> seen.command().contains("dev.mainstay.service.Main"))
                .forEach(Sighting::kill);

        front.until("a leader", () -> hasLeader(front, other));
        assertThat(front.node(other).group("trio").wanted()).isEqualTo("offline");
        var online = product.run(
                "group", "online", "trio", "--socket", front.socket(other).toString());
        assertThat(online.exitCode()).as(online + front.text()).isZero();
        front.await(other, "web", "online");
        assertThat(front.interrupt()).as(front.text()).isZero();
    }

    private static boolean hasLeader(Front front, String node) {
        try {
            return !front.node(node).status().leader().isEmpty();
        } catch (dev.mainstay.api.ClusterException notNow) {
            return false;
        }
    }

    private Front threeNodes() throws IOException {
        var manifest = product.write("trio.yaml", """
                groups:
                  trio:
                    resources:
                      data:
                        type: process
                        properties: {command: [/bin/sleep, "100001"]}
                      web:
                        type: process
                        dependsOn: data
                        properties: {command: [/bin/sleep, "100002"]}
                """);
        var front = Front.start(product, manifest.toString(), "--nodes", "3");
        front.await("n1", "web", "online");
        return front;
    }
}
