package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `./mainstay` does before Java runs.
class LauncherIT {
    @TempDir
    private Path folder;

    private Installation installation;

    @BeforeEach
    void install() throws IOException {
        installation = new Installation(folder.toRealPath());
        installation.jdk("jvm/jdk-25", "25.0.3");
    }

    @Test
    void becomesTheCommandWithEveryJarByNameInOrder() throws Exception {
        var ended = installation.run("status");

        var lib = installation.home() + "/lib/cli/";
        assertThat(ended.lines())
                .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dmainstay.home=" + installation.home())
                .containsSequence("-cp", lib + "a.jar:" + lib + "b.jar", "dev.mainstay.cli.Main", "status");
        assertThat(ended.errors()).isEmpty();
    }

    @Test
    void becomesTheServiceWithoutRepeatingTheWord() throws Exception {
        var ended = installation.run("service", "--data", "/x");

        assertThat(ended.lines())
                .contains("--sun-misc-unsafe-memory-access=allow", "-Xmx512m")
                .containsSequence("dev.mainstay.service.Main", "--data", "/x")
                .doesNotContain("service");
    }

    @Test
    void givesItsJvmUtf8AndKeepsTheLocaleItWasGiven() throws Exception {
        assertThat(installation.with("LC_ALL", "C").run("status").lines()).contains("locale=C.UTF-8 given=C");
        // started by one of ours, the locale is no longer the one that was given
        installation.with("LC_ALL", "C.UTF-8").with("MAINSTAY_GIVEN_LC_ALL", "de_DE.UTF-8");
        assertThat(installation.run("status").lines()).contains("locale=C.UTF-8 given=de_DE.UTF-8");
    }

    @Test
    void handsArgumentsOnAsTheyAre() throws Exception {
        var ended = installation.run("apply", "-f", "a b.yaml", "", "*", "$HOME");

        assertThat(ended.lines()).endsWith("apply", "-f", "a b.yaml", "", "*", "$HOME");
    }

    @Test
    void worksThroughASymbolicLinkFromAnyFolder() throws Exception {
        var link = installation.path("tools/ms");
        Files.createSymbolicLink(link, Path.of("../product/bin/mainstay"));

        var ended = installation.runLine(Path.of("/"), List.of(link.toString(), "status"));

        assertThat(ended.lines()).contains("-Dmainstay.home=" + installation.home());
    }

    @Test
    void worksWithARelativePath() throws Exception {
        var ended = installation.runLine(installation.home().resolve("lib"), List.of("../bin/mainstay", "status"));

        assertThat(ended.lines()).contains("-Dmainstay.home=" + installation.home());
    }

    @Test
    void prefersTheJdkOfJavaHome() throws Exception {
        installation.with("JAVA_HOME", installation.jdk("mine", "26"));

        assertThat(installation.run("status").lines()).startsWith("jdk=mine");
    }

    @Test
    void passesOverAJavaHomeThatIsTooOld() throws Exception {
        installation.with("JAVA_HOME", installation.jdk("mine", "1.8.0_402"));

        assertThat(installation.run("status").lines()).startsWith("jdk=jvm/jdk-25");
    }

    @Test
    void takesTheJdkOfThePathThroughLinks() throws Exception {
        installation.jdk("elsewhere", "25");
        Files.delete(installation.path("tools/java"));
        Files.createSymbolicLink(installation.path("tools/java"), installation.path("elsewhere/bin/java"));

        assertThat(installation.run("status").lines()).startsWith("jdk=elsewhere");
    }

    @Test
    void saysHowToGetAJdkWhenNoneIsNewEnough() throws Exception {
        installation.jdk("jvm/jdk-25", "24.0.1");
        installation.with("JAVA_HOME", "/nowhere");

        var ended = installation.run("status");

        assertThat(ended.exitCode()).isEqualTo(5);
        assertThat(ended.errors())
                .contains("needs a Java development kit (JDK), version 25 or later")
                .contains("JAVA_HOME (/nowhere)")
                .contains(installation.path("old") + ": version 17.0.9")
                .contains(installation.path("jvm/jdk-25") + ": version 24.0.1")
                .contains("temurin-25-jdk", "dnf install java-25-openjdk-devel", "sdk install java");
        assertThat(ended.lines()).isEmpty();
    }

    @Test
    void usesCachesThatWereMadeForThisBuildPlaceAndJdk() throws Exception {
        installation.with("MAINSTAY_CACHES", "on");
        makeCaches("build-1");

        var ended = installation.run("service");

        assertThat(ended.lines())
                .contains("-XX:AOTCache=" + installation.home() + "/caches/service.aot")
                .contains("-Dmainstay.monitor.aot=" + installation.home() + "/caches/monitor.aot");
        assertThat(ended.errors()).isEmpty();
    }

    @Test
    void startsAtOnceWithoutCachesOfAnotherBuildAndSaysHowToMakeThem() throws Exception {
        installation.with("MAINSTAY_CACHES", "on");
        makeCaches("another build");

        var service = installation.run("service", "--data", "/d");
        var command = installation.run("status");

        assertThat(service.lines()).endsWith("dev.mainstay.service.Main", "--data", "/d");
        assertThat(service.lines()).noneMatch(line -> line.startsWith("-XX:AOTCache"));
        assertThat(service.errors()).contains("no start-up caches for this build", "mainstay warm");
        assertThat(command.lines()).endsWith("dev.mainstay.cli.Main", "status");
        assertThat(command.errors()).isEmpty();
        assertThat(installation.home().resolve("caches/training.log")).doesNotExist();
    }

    @Test
    void saysWhyCachesCouldNotBeMade() throws Exception {
        var warm = installation.run("warm");

        assertThat(warm.exitCode()).isEqualTo(1);
        assertThat(warm.errors()).contains("making the start-up caches failed", "training.log", "mainstay warm");
    }

    @Test
    void leavesMakingCachesToAProcessThatIsAtItAlready() throws Exception {
        installation.write(
                "product/caches/lock", Long.toString(ProcessHandle.current().pid()));

        var warm = installation.run("warm");

        assertThat(warm.exitCode()).isEqualTo(1);
        assertThat(warm.errors())
                .contains("process " + ProcessHandle.current().pid())
                .contains("caches/lock");
    }

    @Test
    void asksTheCommandAboutAServiceThatRuns() throws Exception {
        var ended = installation.run("service", "stop", "--keep");

        assertThat(ended.lines()).endsWith("dev.mainstay.cli.Main", "service", "stop", "--keep");
    }

    @Test
    void refusesToBuildWithoutMavenAndSaysHowToGetIt() throws Exception {
        installation.write("product/bin/pom.xml", "");
        Files.createDirectories(installation.path("product/bin/dist"));
        for (var tool : List.of("readlink", "sed", "cat")) {
            Files.createSymbolicLink(installation.path("tools/" + tool), Path.of("/usr/bin/" + tool));
        }
        installation.with("PATH", installation.path("tools"));

        var ended = installation.run("status");

        assertThat(ended.exitCode()).isEqualTo(5);
        assertThat(ended.errors())
                .contains("cannot build: Apache Maven (mvn) is not in PATH")
                .contains("apt-get install maven", "dnf install maven");
    }

    @Test
    void refusesToBuildAnInstallation() throws Exception {
        var ended = installation.run("build");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("is an installation, not a source checkout");
    }

    private void makeCaches(String build) throws IOException {
        for (var process : List.of("cli", "service", "monitor")) {
            installation.write("product/caches/" + process + ".aot", "");
        }
        installation.write(
                "product/caches/stamp",
                "%s %s %s 25.0.3\n".formatted(build, installation.home(), installation.path("jvm/jdk-25")));
    }
}
