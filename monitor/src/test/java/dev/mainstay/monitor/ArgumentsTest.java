package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static Arguments parse(String line) {
        return Arguments.parse(line.split(" "));
    }

    @Test
    void readsEveryArgumentInAnyOrder() {
        assertThat(parse("--hold 30000 --directory /d --data /n --scope c/n1 --monitor default --socket /s"))
                .isEqualTo(new Arguments(
                        Path.of("/s"),
                        "default",
                        "c/n1",
                        Path.of("/d"),
                        Path.of("/n"),
                        30_000,
                        false,
                        Optional.empty()));
    }

    @Test
    void takesAFolderOfPlugins() {
        assertThat(parse("--hold 1 --directory /d --data /n --scope s --monitor m --socket /s --plugins /p")
                        .plugins())
                .contains(Path.of("/p"));
    }

    @Test
    void knowsThatItIsDebugged() {
        assertThat(parse("--hold 1 --debug --directory /d --data /n --scope c/n1 --monitor default --socket /s")
                        .debugged())
                .isTrue();
    }

    @Test
    void saysWhichOneIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--hold 30000 --directory /d --data /n --monitor default --socket /s"))
                .withMessage("argument --scope is missing");
    }

    @Test
    void refusesWhatItDoesNotKnowAndWhatHasNoValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--sokcet /s"))
                .withMessage("'--sokcet' is not an argument with a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--scope x --socket"))
                .withMessage("'--socket' is not an argument with a value");
    }

    @Test
    void refusesAHoldTimeThatIsNone() {
        for (var hold : new String[] {"30s", "-5", "1.5", "99999999999999999999999"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> parse("--directory /d --data /n --scope s --monitor m --socket /s --hold " + hold))
                    .withMessageContaining("--hold needs a whole number of milliseconds");
        }
    }
}
