package dev.mainstay.monitor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import dev.mainstay.monitor.step.ResourceStep;
import org.junit.jupiter.api.Test;

/// The walls of the monitor: it cannot decide, and its steps cannot act.
class ArchitectureTest {
    private final JavaClasses monitor = new ClassFileImporter()
            .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.mainstay.monitor");

    @Test
    void seesTheClassesItGuards() {
        assertThat(monitor.contain(ResourceStep.class)).isTrue();
        assertThat(monitor.contain(Main.class)).isTrue();
    }

    @Test
    void seesNeitherTheCoreNorTheService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.mainstay.core..", "dev.mainstay.service..", "dev.mainstay.api..")
                .because("a monitor never decides")
                .check(monitor);
    }

    @Test
    void seesNoResourceType() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.mainstay.types..")
                .because("types are found by ServiceLoader, as an outsider's are")
                .check(monitor);
    }

    @Test
    void keepsStepsPure() {
        noClasses()
                .that()
                .resideInAPackage("dev.mainstay.monitor.step..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.util.concurrent..",
                        "java.time..",
                        "dev.mainstay.monitor.host..",
                        "dev.mainstay.monitor.link..",
                        "dev.mainstay.monitor.record..")
                .because("time and effects are arguments and answers")
                .check(monitor);
    }
}
