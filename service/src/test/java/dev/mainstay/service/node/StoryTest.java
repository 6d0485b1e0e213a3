package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.journal.SampleFacts;
import org.junit.jupiter.api.Test;

class StoryTest {
    private static final LogEntry ENTRY = SampleFacts.entry();

    private static Iterable<String> lines(String node, boolean leads) {
        var state = SampleFacts.state();
        return new Story(new NodeId(node)).of(state, ENTRY, state, leads);
    }

    @Test
    void theLeaderTellsEachFailureAndWhatFollows() {
        assertThat(lines("n3", true))
                .contains(
                        "resource 'web-site' failed on node 'n1': exit code 3 (rule REPORTED applied to a sample)",
                        "resource 'web-site' restarts: rule RESTART applied to a sample",
                        "resource 'web-site' stays failed for now: rule FAILOVER_THRESHOLD_REACHED applied to a sample",
                        "resource 'web-site' stays failed until it is brought online by command:"
                                + " rule NO_RESTART applied to a sample",
                        "group 'web' fails over to node 'n2': rule FAILOVER applied to a sample",
                        "group 'web' is owned by node 'n2' now: rule MOVED applied to a sample",
                        "node 'n2' is down: rule NODE applied to a sample");
    }

    @Test
    void theOwnerTellsWhatConcernsItsGroupsAndOthersNothing() {
        assertThat(lines("n1", false)).anyMatch(line -> line.contains("'web-site' failed on node 'n1'"));
        assertThat(lines("n1", false)).noneMatch(line -> line.contains("node 'n2' is down"));
        assertThat(lines("n3", false)).isEmpty();
    }
}
