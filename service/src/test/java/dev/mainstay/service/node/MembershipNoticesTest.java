package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.node.Notices.Notice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MembershipNoticesTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final List<String> TYPES = List.of("process", "script");

    private final MembershipNotices notices = new MembershipNotices();

    @Test
    void tellsNothingAtTheStartAndNothingTwice() {
        assertThat(notices.about(Set.of(N1, N2), TYPES)).isEmpty();
        assertThat(notices.about(Set.of(N1, N2), TYPES)).isEmpty();
    }

    @Test
    void tellsEveryTypeOfNodesThatJoinedAndOfThoseEvicted() {
        notices.about(Set.of(N1, N2), TYPES);

        assertThat(notices.about(Set.of(N1, N3), TYPES))
                .extracting(Notice::code, Notice::type, Notice::input)
                .containsExactly(
                        tuple("install-node", "process", Map.of("node", List.of("n3"))),
                        tuple("install-node", "script", Map.of("node", List.of("n3"))),
                        tuple("evict-node", "process", Map.of("node", List.of("n2"))),
                        tuple("evict-node", "script", Map.of("node", List.of("n2"))));
        assertThat(notices.about(Set.of(N1, N3), TYPES)).isEmpty();
    }

    @Test
    void tellsThemToTheType() {
        notices.about(Set.of(N1), TYPES);

        assertThat(notices.about(Set.of(N1, N2), TYPES))
                .extracting(Notice::resource)
                .containsOnly("");
    }
}
