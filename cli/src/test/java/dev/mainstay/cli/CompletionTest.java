package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The completion script, read by a real bash.
class CompletionTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "gr, group",
        "group mo, move",
        "group online --dr, --dry-run",
        "resource maintenance web o, on off",
        "delete gr, group",
        "help mon, monitor",
        "completion ba, bash",
        "apply -f sh, shop.yaml",
        "run sh, shop.yaml",
        "type install sh, shop.yaml",
        "status -o j, json"
    })
    void offersWhatFits(String line, String expected) throws Exception {
        Files.createFile(folder.resolve("shop.yaml"));
        var script = Files.writeString(folder.resolve("completion"), Completion.bash());
        var bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source %s; COMP_WORDS=(mainstay %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _mainstay; echo ${COMPREPLY[*]}"
                                .formatted(script, line))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo(expected);
    }
}
