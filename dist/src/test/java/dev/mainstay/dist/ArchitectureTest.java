package dev.mainstay.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Keeps the walls of docs/architecture.md: who may see whom, and that decisions stay pure.
class ArchitectureTest {
    private static final String ROOT = "dev.mainstay.";

    /// Each module, and the others it may see.
    private static final Map<String, Set<String>> MAY_SEE = Map.ofEntries(
            Map.entry("fixtures", Set.of()),
            Map.entry("spi", Set.of()),
            Map.entry("linux", Set.of()),
            Map.entry("core", Set.of()),
            Map.entry("protocol", Set.of()),
            Map.entry("api", Set.of()),
            Map.entry("types", Set.of("spi", "linux")),
            Map.entry("monitor", Set.of("spi", "protocol", "linux")),
            Map.entry("testkit", Set.of("spi", "protocol", "linux", "monitor")),
            Map.entry("service", Set.of("core", "protocol", "api", "linux")),
            Map.entry("cli", Set.of("api", "protocol")));

    @SuppressWarnings("UnusedVariable") // read by name as a field source
    private static final Set<String> MODULES = new TreeSet<>(MAY_SEE.keySet());

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.mainstay");

    @Test
    void theRulesSeeTheClassesOfEveryModule() {
        var seen = OURS.stream().map(ArchitectureTest::moduleOf).collect(toCollection(TreeSet::new));

        assertThat(seen).containsExactlyElementsOf(MODULES);
    }

    @Test
    void aRuleThatSeesNoClassFails() {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("dev.mainstay.absent..")
                .should()
                .bePublic();

        assertThatThrownBy(() -> rule.check(OURS)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void aModuleSeesOnlyTheModulesItMay(String module) {
        var forbidden = MODULES.stream()
                .filter(other -> !other.equals(module))
                .filter(other -> !allowed(module).contains(other))
                .map(other -> ROOT + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .because("docs/architecture.md says so")
                .check(OURS);
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void packagesOfAModuleFormNoCycle(String module) {
        slices().matching(ROOT + module + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(packagesOf(module) == 1)
                .check(OURS);
    }

    @Test
    void contractsAndBuiltInTypesNeedNothingButTheJdk() {
        onlyDependsOn("spi", "java..");
        onlyDependsOn("protocol", "java..");
        onlyDependsOn("linux", "java..", "jdk..", "sun..");
        onlyDependsOn(
                "types", "java..", "javax..", "jdk..", ROOT + "spi..", ROOT + "linux..", "org.freedesktop.dbus..");
    }

    @Test
    void onlyTheTypeSystemdSpeaksToTheBus() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "types.systemd..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.freedesktop..")
                .because("whoever has no unit of systemd must not load its library")
                .check(OURS);
    }

    @Test
    void coreIsMadeOfValuesAlone() {
        onlyDependsOn(
                "core",
                "java.lang",
                "java.lang.annotation",
                "java.lang.invoke",
                "java.lang.runtime",
                "java.math",
                "java.time",
                "java.time.temporal",
                "java.time.format",
                "java.util",
                "java.util.function",
                "java.util.regex",
                "java.util.stream");
    }

    @Test
    void coreAsksNoClockNoChanceAndNoThread() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        System.class,
                        Clock.class,
                        Thread.class,
                        ThreadLocal.class,
                        Runtime.class,
                        Process.class,
                        ProcessBuilder.class,
                        ProcessHandle.class,
                        java.util.Random.class)
                .because("time arrives with the command, and the same command must give the same decision")
                .check(OURS);
    }

    @Test
    void theServiceCannotCallAnEntryPoint() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "service..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "spi..", ROOT + "types..", ROOT + "monitor..")
                .because("a resource type may hang or crash whoever calls it")
                .check(OURS);
    }

    @Test
    void theMonitorCannotDecide() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "monitor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "core..", ROOT + "service..", ROOT + "api..")
                .because("policy is decided once, by the leader")
                .check(OURS);
    }

    private static void onlyDependsOn(String module, String... packages) {
        var allowed = Stream.concat(Arrays.stream(packages), Stream.of(ROOT + module + "..", "org.jspecify.."))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(OURS);
    }

    private static Set<String> allowed(String module) {
        return MAY_SEE.getOrDefault(module, Set.of());
    }

    private static long packagesOf(String module) {
        return OURS.stream()
                .filter(type -> moduleOf(type).equals(module))
                .map(JavaClass::getPackageName)
                .distinct()
                .count();
    }

    private static String moduleOf(JavaClass type) {
        return type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
    }
}
