package dev.mainstay.dist;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.dist.SourceTree.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps the source tree as CONTRIBUTING.md says it is.
class TidyTest {
    /// Lines of a file from which on it needs a reason below.
    private static final int LINES_MAX = 500;

    /// The formatter breaks comments that are longer, in columns.
    private static final int COMMENT_COLUMNS_MAX = 115;

    /// Longer files, each with its reason.
    private static final Map<String, String> LONG_FILES = Map.of();

    /// Words that say nothing, and words for which docs/glossary.md has another; none is part of a type's name.
    private static final Set<String> BANNED_WORDS =
            Set.of(("Manager Helper Util Utils Utility Impl Processor Info Data Common Base Abstract "
                            + "Farm Pool Crm Master Primary Primitive Driver Rhs Hook Callback Ping Frequency "
                            + "Degraded Bundle Constraint Switchover Takeover Arbiter Tiebreaker Cib Kick Cordon "
                            + "Standby Netsplit Agent Controller Holder Worker Executor Registry Audit")
                    .split(" "));

    /// Type names that hold such a word all the same, each with its reason.
    private static final Map<String, String> ALLOWED_NAMES = Map.of(
            "Agent", "a resource agent of the Open Cluster Framework, by the word of its standard",
            "CommonProperties", "the properties that every resource has, by the word of the original",
            "Controller", "the thread of a node that decides; the glossary bans the word for the whole service",
            "ControllerTest", "tests it",
            "DataDirectory", "what the operator names with --data",
            "DataDirectoryTest", "tests it");

    private static final Pattern TYPE =
            Pattern.compile("^\\s*(?:[a-z-]+\\s+)*(?:class|interface|record|enum)\\s+(\\w+).*");
    private static final Pattern MACHINE_FOLDER = Pattern.compile("(?<![\\w.~$}])/(?:work|home|root)/\\w");
    private static final Pattern ERROR_HEADING = Pattern.compile("^### (MST\\d+) (\\w+)$");

    @Test
    void theTreeIsSeen() {
        assertThat(SourceTree.shipped()).hasSizeGreaterThan(50);
        assertThat(SourceTree.tests()).extracting(SourceFile::path).contains(thisFile());
    }

    @Test
    void theGlossaryHasOneRowForEachWord() throws IOException {
        var words = Files.readAllLines(SourceTree.root().resolve("docs/glossary.md")).stream()
                .filter(line -> line.startsWith("| "))
                .flatMap(line -> Stream.of(line.split("\\|", 3)[1].split(",")))
                .map(String::strip)
                .toList();

        assertThat(words).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    }

    @Test
    void noTypeIsNamedByAWordThatTheGlossaryReplaces() {
        var names = SourceTree.files(".java").stream()
                .flatMap(file -> typesIn(file).map(name -> file.path() + ": " + name))
                .filter(found -> !ALLOWED_NAMES.containsKey(found.substring(found.indexOf(": ") + 2)))
                .filter(found ->
                        wordsOf(found.substring(found.indexOf(": ") + 2)).anyMatch(BANNED_WORDS::contains));

        assertThat(names).isEmpty();
    }

    @Test
    void noFileIsLongerThanAReaderCanHold() {
        var tooLong = SourceTree.files(".java", ".sh", ".ts", ".tsx", "/mainstay", "/run").stream()
                .filter(file -> file.lines().size() > LINES_MAX)
                .filter(file -> !LONG_FILES.containsKey(file.path()))
                .map(file -> file.path() + ": " + file.lines().size() + " lines");

        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItDecidesAndIsNullMarked() {
        var files = SourceTree.shipped();
        var described = files.stream()
                .filter(file -> file.path().endsWith("/package-info.java"))
                .filter(file ->
                        file.text().contains("@NullMarked") && file.text().startsWith("///"))
                .map(TidyTest::folder)
                .collect(toCollection(TreeSet::new));
        var packages = files.stream()
                .filter(file -> !file.path().endsWith("/module-info.java"))
                .map(TidyTest::folder)
                .collect(toCollection(TreeSet::new));

        assertThat(described).containsExactlyElementsOf(packages);
    }

    @Test
    void noTestSleepsUnlessItDrivesRealProcesses() {
        var sleeping = SourceTree.tests().stream()
                .filter(file -> !file.path().endsWith("IT.java") && !file.path().equals(thisFile()))
                .filter(file -> file.text().contains("Thread.sleep("))
                .toList();
        assertThat(sleeping).noneMatch(file -> file.path().endsWith("Test.java"));
        assertThat(sleeping.stream().flatMap(TidyTest::usesByUnitTests)).isEmpty();
    }

    private static Stream<String> usesByUnitTests(SourceFile sleeper) {
        var module = sleeper.path().substring(0, sleeper.path().indexOf('/') + 1);
        var name = Pattern.compile(sleeper.path().replaceFirst(".*/(\\w+)\\.java", "\\\\b$1\\\\b"));
        return SourceTree.tests().stream()
                .filter(file -> file.path().startsWith(module) && file.path().endsWith("Test.java"))
                .flatMap(file -> file.where(line -> name.matcher(line).find()));
    }

    @Test
    void nothingIsLeftToDoAndNoFolderOfSomebodysMachineIsNamed() {
        var found = SourceTree.files(".java", ".md", ".xml", ".yaml", ".sh", ".service", "/mainstay", "/run").stream()
                .filter(file -> !file.path().equals(thisFile()))
                .flatMap(file -> file.where(line -> line.contains("TODO")
                        || line.contains("FIXME")
                        || MACHINE_FOLDER.matcher(line).find()));

        assertThat(found).isEmpty();
    }

    @Test
    void commentsAreShortEnoughForTheFormatter() {
        var tooLong = SourceTree.files(".java").stream()
                .flatMap(file ->
                        file.where(line -> line.strip().startsWith("//") && line.length() > COMMENT_COLUMNS_MAX));

        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyErrorCodeHasItsEntry() {
        var entries = document("docs/errors.md").lines().stream()
                .map(ERROR_HEADING::matcher)
                .filter(heading -> heading.matches())
                .map(heading -> heading.group(1) + " " + heading.group(2));

        assertThat(entries)
                .containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code.code() + " " + code.name())
                        .toList());
    }

    @Test
    void everyKeyOfManifestsIsDocumented() {
        var lists = Pattern.compile("List<String> \\w*KEYS =\\s+List\\.of\\(([^)]*)\\)");
        var keys = SourceTree.shipped().stream()
                .filter(file -> file.path().contains("/service/manifest/"))
                .flatMap(file -> lists.matcher(file.text()).results())
                .flatMap(found ->
                        Pattern.compile("\"(\\w+)\"").matcher(found.group(1)).results())
                .map(key -> "| `" + key.group(1) + "` |")
                .toList();

        assertThat(keys).contains("| `groups` |", "| `dependsOn` |", "| `retryPeriod` |");
        assertThat(document("docs/manifests.md").text()).contains(keys);
    }

    @Test
    void everyCommandOfTheLauncherAndOptionOfTheServiceIsDocumented() {
        var commands = document("mainstay")
                .where(line -> true)
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .map(Pattern.compile("^([a-z]+)\\)$")::matcher)
                .filter(label -> label.matches())
                .map(label -> "`mainstay " + label.group(1))
                .toList();
        var keys = Pattern.compile("KEYS =\\s+List\\.of\\(([^)]*)\\)")
                .matcher(document("service/src/main/java/dev/mainstay/service/node/Given.java")
                        .text())
                .results()
                .flatMap(found ->
                        Pattern.compile("\"(\\w+)\"").matcher(found.group(1)).results())
                .map(key -> "`--" + key.group(1).replaceFirst("members", "member") + " ")
                .toList();
        var page = document("docs/commands.md").text();

        assertThat(commands).contains("`mainstay build", "`mainstay service");
        assertThat(keys).contains("`--data ", "`--member ");
        assertThat(page).contains(commands).contains(keys);
    }

    @Test
    void everyDecisionRecordIsListedInTheArchitecture() {
        var architecture = document("docs/architecture.md").text();
        var records = SourceTree.files(".md").stream()
                .map(SourceFile::path)
                .filter(path -> path.startsWith("docs/adr/"))
                .map(path -> path.substring("docs/".length()))
                .toList();

        assertThat(records).isNotEmpty().allMatch(architecture::contains);
    }

    @Test
    void everyLinkBetweenDocumentsLeadsSomewhere() {
        var link = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
        var dead = SourceTree.files(".md").stream()
                .flatMap(file -> link.matcher(file.text())
                        .results()
                        .map(found -> found.group(1))
                        .filter(target -> !SourceTree.root()
                                .resolve(file.path())
                                .resolveSibling(target)
                                .normalize()
                                .toFile()
                                .exists())
                        .map(target -> file.path() + " -> " + target));

        assertThat(dead).isEmpty();
    }

    private static SourceFile document(String path) {
        return SourceFile.read(SourceTree.root().resolve(path));
    }

    private static Stream<String> typesIn(SourceFile file) {
        return file.lines().stream()
                .map(TYPE::matcher)
                .filter(type -> type.matches())
                .map(type -> type.group(1));
    }

    private static Stream<String> wordsOf(String name) {
        return List.of(name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")).stream();
    }

    private static String folder(SourceFile file) {
        return file.path().substring(0, file.path().lastIndexOf('/'));
    }

    private static String thisFile() {
        return "dist/src/test/java/dev/mainstay/dist/TidyTest.java";
    }
}
