package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BirthmarkTest {
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max address space         unlimited            unlimited            bytes
            Max file locks            %s locks
            Max pending signals       15370                15370                signals
            """;

    @Test
    void readsBothNumbers() {
        assertThat(Birthmark.parse(LIMITS.formatted("2305843009213693953  4611686018427387905 ")))
                .contains(new Birthmark(4611686018427387905L, 2305843009213693953L));
    }

    @Test
    void takesNoLimitForAMark() {
        assertThat(Birthmark.parse(LIMITS.formatted("unlimited            unlimited           ")))
                .isEmpty();
        assertThat(Birthmark.parse("")).isEmpty();
    }

    @Test
    void staysWithWhatForksAndBecomesAnotherProgram() throws Exception {
        var mark = new Birthmark(1L << 62, 1L << 61);
        var shell = new ProcessBuilder("sh", "-c", "read go; env -i setsid cat /proc/self/limits; exit").start();
        assertThat(mark.put(shell.pid())).isTrue();
        try (var input = shell.outputWriter()) {
            input.write("go\n");
        }

        var seen = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(Birthmark.parse(seen)).contains(mark);
        assertThat(Birthmark.of(ProcessHandle.current().pid())).isEmpty();
    }
}
