package dev.mainstay.monitor.plugin;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.Limits;
import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionCheckTest {
    private static PropertyDescription text(String name) {
        return PropertyDescription.optional(name, Kind.TEXT, "help");
    }

    private static TypeDescription with(PropertyDescription... properties) {
        return TypeDescription.of("acme", "1", "help", List.of(properties));
    }

    private static TypeDescription answering(ControlDescription... controls) {
        return with().with(Abilities.NONE.answering(controls));
    }

    private static void refused(TypeDescription type, String words) {
        assertThatThrownBy(() -> DescriptionCheck.check(type))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(words);
    }

    @Test
    void takesAnOrdinaryOne() {
        var choice = PropertyDescription.optional("mode", Kind.CHOICE, "help")
                .choosing("a", "b")
                .withDefault("a");
        var limit = PropertyDescription.optional("check.limit", Kind.DURATION, "help")
                .within(0, 1000)
                .withDefault("1s");
        var control =
                ControlDescription.ofResource("flush", Access.WRITE, "help").taking(text("what"));

        assertThatCode(() -> DescriptionCheck.check(with(choice, limit).with(Abilities.NONE.answering(control))))
                .doesNotThrowAnyException();
    }

    @Test
    @SuppressWarnings("NullAway") // an author's compiler may check nothing
    void refusesNone() {
        refused(null, "returned null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Acme", "acme_x", "-a", "a--b", "../x", "a b", "a\nb", "\u001b[2J"})
    void refusesNamesThatAreNone(String name) {
        refused(TypeDescription.of(name, "1", "help", List.of()), "name");
    }

    @Test
    void refusesWhatIsTooLong() {
        refused(TypeDescription.of("a".repeat(64), "1", "help", List.of()), "64 characters");
        refused(TypeDescription.of("a", "1".repeat(65), "help", List.of()), "version");
        refused(TypeDescription.of("a", "1", "h".repeat(2_001), List.of()), "help");
        refused(TypeDescription.of("a", "1", "help", Collections.nCopies(201, text("a"))), "201 properties");
    }

    @Test
    void refusesAWholeThatIsACharacterTooLong() {
        // each a name of four characters and a help of 2000; the last one fills up
        int most = Limits.DESCRIPTION;
        var properties = new ArrayList<PropertyDescription>();
        int left = most - 4;
        for (int i = 100; left > 4; i++) {
            int help = Math.min(2_000, left - 4);
            properties.add(PropertyDescription.optional("p" + i, Kind.TEXT, "h".repeat(help)));
            left -= 4 + help;
        }

        assertThatCode(() -> DescriptionCheck.check(TypeDescription.of("acme", "1", "help", properties)))
                .doesNotThrowAnyException();
        refused(
                TypeDescription.of("acme", "1", "help.", properties),
                "the whole description has 262145 characters: at most 262144 are permitted");
    }

    @Test
    void refusesPropertiesThatAreThereTwiceOrAlsoASection() {
        refused(with(text("a"), text("a")), "twice");
        refused(with(text("check"), text("check.http")), "section");
    }

    @Test
    void refusesDefaultsThatTheTypeItselfWouldNotTake() {
        refused(with(PropertyDescription.optional("n", Kind.INTEGER, "help").withDefault("many")), "'many'");
        refused(
                with(PropertyDescription.optional("n", Kind.INTEGER, "help")
                        .within(1, 5)
                        .withDefault("9")),
                "9 is not");
        refused(with(PropertyDescription.optional("n", Kind.DURATION, "help").withDefault("5")), "time span");
        refused(with(text("n").withDefault("a", "b")), "one value");
        refused(
                with(PropertyDescription.optional("n", Kind.CHOICE, "help")
                        .choosing("a")
                        .withDefault("b")),
                "none of");
    }

    @Test
    void refusesChoicesWithoutAChoiceAndLimitsThatPermitNothing() {
        refused(with(PropertyDescription.optional("n", Kind.CHOICE, "help")), "0 choices");
        refused(with(text("n").choosing("a")), "1 choices");
        refused(with(PropertyDescription.optional("n", Kind.INTEGER, "help").within(5, 1)), "nothing");
    }

    @Test
    void refusesTimesThatWouldHarmTheNode() {
        for (var span : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(-1), Duration.ofDays(365))) {
            var minute = Duration.ofMinutes(1);
            refused(
                    new TypeDescription("a", "1", "help", List.of(), span, minute, minute, minute, true),
                    "looksAliveInterval");
            refused(
                    new TypeDescription("a", "1", "help", List.of(), minute, minute, minute, span, true),
                    "deadlockTimeout");
        }
    }

    @Test
    void refusesControlsThatAreThereTwiceOrStandardOnes() {
        var flush = ControlDescription.ofResource("flush", Access.WRITE, "help");
        refused(answering(flush, flush), "twice");
        refused(answering(ControlDescription.ofResource(Controls.GET_NAME, Access.READ, "help")), "standard");
        refused(answering(flush.taking(text("a"), text("a"))), "twice");
    }

    @Test
    @SuppressWarnings("NullAway") // an author's compiler may check nothing
    void refusesWhatIsMissing() {
        var minute = Duration.ofMinutes(1);
        refused(with(new PropertyDescription("a", null, false, List.of(), List.of(), 0, 1, "help", null)), "kind");
        refused(
                new TypeDescription("a", "1", null, List.of(), minute, minute, minute, minute, true),
                "help is missing");
        refused(with().with(null), "abilities");
    }
}
