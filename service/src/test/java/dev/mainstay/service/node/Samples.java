package dev.mainstay.service.node;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.GroupStatus;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// One group with one resource `web` on node `n1`.
final class Samples {
    static final NodeId N1 = new NodeId("n1");
    static final NodeId N2 = new NodeId("n2");
    static final ResourceId WEB = new ResourceId("web");
    static final long INCARNATION = 3;

    private Samples() {}

    /// A cluster that believes `web` to be in a state, with its first attempt permitted.
    static ClusterState cluster(NodeId owner, ResourceState web, long sequence) {
        var group = new GroupId("site");
        var settings = new GroupSettings(group, "", List.of(), 1, GroupSettings.DEFAULT_FAILOVER_PERIOD);
        var status = new GroupStatus(true, owner, 1, new GroupStatus.Transfer.None(), List.of(), new TreeMap<>());
        var resource = new ResourceSettings(
                WEB,
                group,
                new TypeName("process"),
                "",
                new TreeMap<>(),
                Dependency.NONE,
                RestartPolicy.DEFAULT,
                Timing.OF_TYPE,
                new TreeSet<>());
        var observed = new Observed(web, owner, sequence, 1, 1, "", "", Instant.EPOCH, Instant.EPOCH);
        var resourceStatus = ResourceStatus.of(observed);
        return ClusterState.empty("c")
                .with(new Node(N1, Node.State.UP, INCARNATION))
                .with(new Node(N2, Node.State.UP, 1))
                .with(new Group(settings, status))
                .with(new Resource(resource, resourceStatus, 0));
    }

    /// That cluster with a resource `db` beside `web`, which is like it.
    static ClusterState withDatabase(ClusterState cluster) {
        var web = cluster.resource(WEB).orElseThrow();
        var settings = new ResourceSettings(
                new ResourceId("db"),
                web.settings().group(),
                web.settings().type(),
                "",
                new TreeMap<>(),
                Dependency.NONE,
                RestartPolicy.DEFAULT,
                Timing.OF_TYPE,
                new TreeSet<>());
        return cluster.with(new Resource(settings, web.status(), 0));
    }

    /// A cluster in which `web` needs `db`.
    static ClusterState webOnDatabase() {
        var cluster = withDatabase(cluster(N1, ResourceState.OFFLINE, 1));
        var web = cluster.resource(WEB).orElseThrow();
        var settings = new ResourceSettings(
                WEB,
                web.settings().group(),
                web.settings().type(),
                "",
                new TreeMap<>(),
                new Dependency(List.of(new Dependency.AnyOf(List.of(new ResourceId("db"))))),
                RestartPolicy.DEFAULT,
                Timing.OF_TYPE,
                new TreeSet<>());
        return cluster.with(new Resource(settings, web.status(), 0));
    }

    /// What a monitor says of `web`.
    static HeldResource web(HeldState state, long sequence, long attempt) {
        return new HeldResource("web", state, sequence, 1, attempt, 0, "", "", 0, 0);
    }
}
