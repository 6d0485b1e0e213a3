package dev.mainstay.dist;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.SourceTree.SourceFile;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keeps the tables that say which test proves what: a row without a test, or with one that is gone, is a claim.
class ConformanceTest {
    private static final Pattern ROW = Pattern.compile("^\\| (\\d+|[A-Z]+\\d+) \\|.*");
    private static final Pattern PROOF = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern METHOD = Pattern.compile("\\bvoid (\\w+)\\(");
    private static final String NOT_APPLICABLE = "does not apply:";

    private static final Set<String> TESTS =
            SourceTree.files(".java").stream().flatMap(ConformanceTest::testsIn).collect(toCollection(TreeSet::new));

    @ParameterizedTest
    @CsvSource({"docs/seed-conformance.md, 24", "docs/pacemaker-behaviours.md, 33", "docs/field-cases.md, 35"})
    void everyRowNamesATestThatExists(String page, int rows) {
        var lines = rowsOf(page);

        assertThat(lines).hasSize(rows);
        assertThat(lines)
                .allSatisfy(line -> assertThat(PROOF.matcher(line).find() || line.contains(NOT_APPLICABLE))
                        .as("a test or a reason in: %s", line)
                        .isTrue());
        assertThat(lines.stream().flatMap(ConformanceTest::proofsIn))
                .allSatisfy(proof -> assertThat(TESTS).contains(proof));
    }

    private static List<String> rowsOf(String page) {
        return SourceTree.files(".md").stream()
                .filter(file -> file.path().equals(page))
                .flatMap(file -> file.lines().stream())
                .filter(line -> ROW.matcher(line).matches())
                .toList();
    }

    private static Stream<String> proofsIn(String line) {
        return PROOF.matcher(line).results().map(found -> found.group(1) + "#" + found.group(2));
    }

    private static Stream<String> testsIn(SourceFile file) {
        var path = file.path();
        var name = path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
        return METHOD.matcher(file.text()).results().map(found -> name + "#" + found.group(1));
    }
}
