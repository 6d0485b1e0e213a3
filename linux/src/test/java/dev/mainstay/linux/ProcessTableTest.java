package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private static final String AFTER_NAME = " S 7 42 41 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 123456 1000 2";

    @Test
    void countsFieldsFromBehindANameWithBracketsAndSpaces() {
        assertThat(ProcessTable.parse("42 (a) R 1 2 (x)" + AFTER_NAME))
                .contains(new ProcessTable.Entry(42, 123456, 'S', 7, 41, 1));
    }

    @Test
    void takesNoTornLineForAProcess() {
        assertThat(ProcessTable.parse("")).isEmpty();
        assertThat(ProcessTable.parse("42 (sh) S 7")).isEmpty();
        assertThat(ProcessTable.parse("42 (sh" + AFTER_NAME)).isEmpty();
        assertThat(ProcessTable.parse("x (sh)" + AFTER_NAME)).isEmpty();
    }

    @Test
    void countsAZombieAsEnded() {
        assertThat(state('Z', 1).alive()).isFalse();
        assertThat(state('X', 0).alive()).isFalse();
        assertThat(state('D', 1).alive()).isTrue();
    }

    @Test
    void countsAProcessAsAliveWhoseFirstThreadEndedWhileOthersGoOn() {
        assertThat(state('Z', 2).alive()).isTrue();
    }

    private static ProcessTable.Entry state(char letter, int threads) {
        return new ProcessTable.Entry(1, 1, letter, 1, 1, threads);
    }

    @Test
    void knowsThisProcessAndNotAnotherOfItsPid() {
        var pid = ProcessHandle.current().pid();
        var own = ProcessTable.read(pid).orElseThrow();

        assertThat(ProcessTable.alive(pid, own.startTicks())).isTrue();
        assertThat(ProcessTable.alive(pid, own.startTicks() + 1)).isFalse();
        assertThat(ProcessTable.all()).anyMatch(entry -> entry.pid() == pid);
        assertThat(ProcessTable.bootId()).hasSize(36);
    }
}
