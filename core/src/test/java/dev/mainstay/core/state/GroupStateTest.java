package dev.mainstay.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupStateTest {
    @ParameterizedTest
    @CsvSource({
        "ONLINE ONLINE, ONLINE",
        "ONLINE OFFLINE, PARTIAL_ONLINE",
        "ONLINE INITIALIZING, PARTIAL_ONLINE",
        "OFFLINE OFFLINE, OFFLINE",
        "INITIALIZING, OFFLINE",
        "ONLINE ONLINE_PENDING, PENDING",
        "OFFLINE OFFLINE_PENDING, PENDING",
        "FAILED ONLINE_PENDING ONLINE, FAILED",
        "FAILED, FAILED"
    })
    void followsThePrecedence(String resources, GroupState expected) {
        var states =
                Arrays.stream(resources.split(" ")).map(ResourceState::valueOf).toList();

        assertThat(GroupState.of(states)).isEqualTo(expected);
    }

    @Test
    void ofAnEmptyGroupIsOffline() {
        assertThat(GroupState.of(List.of())).isEqualTo(GroupState.OFFLINE);
    }
}
