package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ProtocolVersion;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import dev.mainstay.service.monitors.Admission.Verdict;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final ProcessRef PROCESS = new ProcessRef(4711, 99, "boot");
    private final Admission admission = new Admission();
    private final Admission.Expected expected =
            new Admission.Expected(new Session("default", PROCESS, "key"), "token", true);

    @Test
    void letsTheExpectedProcessInOnce() {
        admission.expect(expected);

        assertThat(admission.decide(hello("token", PROCESS)))
                .isEqualTo(new Verdict.Admitted(expected, ProtocolVersion.NEWEST));
        assertThat(reason(hello("token", PROCESS))).contains("no monitor of this name is expected now");
    }

    @Test
    void turnsAwayAWrongToken() {
        admission.expect(expected);

        assertThat(reason(hello("guess", PROCESS))).contains("it is not the process that was started");
    }

    @Test
    void turnsAwayAnotherProcessWithTheRightToken() {
        admission.expect(expected);

        assertThat(reason(hello("token", new ProcessRef(4712, 100, "boot")))).contains("pid 4712, expected 4711");
    }

    @Test
    void keepsTheExpectationAfterAWrongToken() {
        admission.expect(expected);
        admission.decide(hello("guess", PROCESS));

        assertThat(admission.decide(hello("token", PROCESS))).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void namesBothRangesWhenNoVersionIsCommon() {
        admission.expect(expected);

        assertThat(reason(new Hello(7, 9, "default", "token", PROCESS)))
                .contains("protocol versions 7 to 9, this cluster service 1 to 2");
    }

    private String reason(Hello hello) {
        return admission.decide(hello) instanceof Verdict.Denied(var reason) ? reason : "admitted";
    }

    private static Hello hello(String credential, ProcessRef process) {
        return new Hello(1, 2, "default", credential, process);
    }
}
