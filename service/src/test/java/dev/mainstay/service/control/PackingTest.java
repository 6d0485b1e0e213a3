package dev.mainstay.service.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PackingTest {
    /// As many groups as a manifest of 1 MiB has at most.
    private static final int GROUPS = 9_741;

    /// What the engine of the log takes as one entry.
    private static final int ENTRY_MAX = 4 * 1024 * 1024;

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final TypeName TYPE = new TypeName("process");

    @Test
    void leavesAnEntryAsItIsThatIsNotLarge() throws Exception {
        var entry = new byte[Packing.PACKED_FROM - 1];
        Arrays.fill(entry, (byte) 3);

        assertThat(Packing.pack(entry)).isSameAs(entry);
        assertThat(Packing.unpack(entry)).isSameAs(entry);
    }

    @Test
    void givesBackWhatWasPacked() throws Exception {
        var entry = new byte[Packing.PACKED_FROM];
        new Random(11).nextBytes(entry);

        var packed = Packing.pack(entry);

        assertThat(packed[0]).isEqualTo((byte) -1);
        assertThat(Packing.unpack(packed)).isEqualTo(entry);
    }

    @Test
    void saysWhatIsWrongWithWhatCannotBeUnpacked() {
        var packed = Packing.pack(new byte[Packing.PACKED_FROM]);

        assertThatThrownBy(() -> Packing.unpack(Arrays.copyOf(packed, packed.length - 9)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("packed entry of %d bytes ends after".formatted(packed.length - 9));
        assertThatThrownBy(() -> Packing.unpack(new byte[] {-1, 1, 2, 3}))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("cannot be unpacked");
    }

    /// It happens as a whole or not at all, so it has to be one entry.
    @Test
    void makesTheLargestManifestFitIntoOneEntry() throws Exception {
        var state = decided(
                ClusterState.empty("test"),
                new Command.StartNode(new NodeId("n1"), 1),
                new Command.RegisterTypes(List.of(new RegisteredType(TYPE, "1", Duration.ofMinutes(3)))));
        var entry = entry(state, manifest());

        var bytes = WireCodec.encode(LogEntry.class, entry);
        var packed = Packing.pack(bytes);

        assertThat(bytes.length).isGreaterThan(ENTRY_MAX);
        assertThat(packed.length).isLessThan(ENTRY_MAX / 4);
        assertThat(WireCodec.decode(LogEntry.class, Packing.unpack(packed))).isEqualTo(entry);
    }

    private static ClusterState decided(ClusterState from, Command... commands) {
        var state = from;
        for (var command : commands) {
            state = Evolution.apply(state, entry(state, command));
        }
        return state;
    }

    private static LogEntry entry(ClusterState state, Command command) {
        if (!(Decider.decide(state, command, NOW) instanceof Decision.Accepted(var events))) {
            throw new AssertionError(command + " was refused");
        }
        var decided = new LogEntry.Decided(new Cause("test", "user test", "", ""), events);
        return new LogEntry(state.revision(), NOW, List.of(decided));
    }

    private static Command manifest() {
        var changes = new ArrayList<Change>();
        for (int i = 0; i < GROUPS; i++) {
            var group = new GroupId("g%04d".formatted(i));
            changes.add(new Change.PutGroup(
                    new GroupSettings(
                            group, "", List.of(), GroupSettings.OTHER_NODES, GroupSettings.DEFAULT_FAILOVER_PERIOD),
                    true));
            changes.add(new Change.PutResource(new ResourceSettings(
                    new ResourceId("r%04d".formatted(i)),
                    group,
                    TYPE,
                    "",
                    new TreeMap<>(Map.of("command", List.of("/bin/sleep", "infinity"))),
                    Dependency.NONE,
                    new RestartPolicy(
                            RestartPolicy.Action.RESTART_THEN_FAILOVER,
                            1,
                            Duration.ofMinutes(15),
                            Duration.ofMillis(500),
                            Duration.ofHours(1)),
                    Timing.OF_TYPE,
                    new TreeSet<>())));
        }
        return new Command.Configure(changes, -1);
    }
}
