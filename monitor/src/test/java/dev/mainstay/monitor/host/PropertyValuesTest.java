package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyValuesTest {
    private static final TypeDescription TYPE = TypeDescription.of(
            "t",
            "1",
            "",
            List.of(
                    PropertyDescription.required("command", Kind.LIST, ""),
                    PropertyDescription.optional("text", Kind.TEXT, ""),
                    PropertyDescription.optional("port", Kind.INTEGER, "")
                            .withDefault("80")
                            .within(1, 65_535),
                    PropertyDescription.optional("flag", Kind.FLAG, ""),
                    PropertyDescription.optional("grace", Kind.DURATION, "")
                            .withDefault("10s")
                            .within(0, 60_000),
                    PropertyDescription.optional("size", Kind.SIZE, ""),
                    PropertyDescription.optional("signal", Kind.CHOICE, "").choosing("TERM", "KILL"),
                    PropertyDescription.optional("environment", Kind.MAP, "")));

    private static PropertyValues with(String name, String... values) {
        return new PropertyValues(TYPE, Map.of("command", List.of("a"), name, List.of(values)));
    }

    @Test
    void readsWhatIsSetAndElseTheDefault() {
        assertThat(with("port", "8080").integer("port")).isEqualTo(8080);
        assertThat(with("text", "x").integer("port")).isEqualTo(80);
        assertThat(with("grace", "250ms").duration("grace")).isEqualTo(Duration.ofMillis(250));
        assertThat(with("size", "64KiB").bytes("size")).isEqualTo(65_536);
        assertThat(with("flag", "true").flag("flag")).isTrue();
        assertThat(with("text", "x").flag("flag")).isFalse();
        assertThat(with("environment", "A=1", "B=x=y").map("environment")).isEqualTo(Map.of("A", "1", "B", "x=y"));
        assertThat(with("text", "x").list("command")).containsExactly("a");
        assertThat(with("text", "x").isSet("grace")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            port        | x       | property 'port' of type 't': 'x' is not a whole number
            port        | 0       | 0 is not between 1 and 65535
            grace       | 61s     | 61000 is not between 0 and 60000
            grace       | 10      | '10' is not a time span such as 250ms
            size        | 1 MB    | '1 MB' is not a size such as 512B
            flag        | yes     | 'yes' is neither true nor false
            signal      | HUP     | 'HUP' is none of TERM, KILL
            environment | A       | 'A' is not NAME=VALUE
            environment | =1      | '=1' is not NAME=VALUE
            prot        | 80      | type 't' has no property 'prot': it has command, text, port
            """)
    void saysWhatItDoesNotTakeAndWhatItExpects(String name, String value, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> with(name, value)).withMessageContaining(words);
    }

    @Test
    void refusesSeveralValuesWhereOneIsTaken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with("port", "80", "81"))
                .withMessageContaining("takes one value and has 2");
    }

    @Test
    void refusesAResourceWithoutARequiredProperty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PropertyValues(TYPE, Map.of()))
                .withMessageContaining("type 't' needs property 'command'");
    }

    @Test
    void tellsTheAuthorOfATypeThatReadsWhatItDidNotDescribe() {
        var values = with("text", "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> values.text("port"))
                .withMessageContaining("is a INTEGER, it was read as a TEXT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> values.text("nothing"))
                .withMessageContaining("does not describe a property 'nothing'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> values.bytes("size"))
                .withMessageContaining("neither value nor default");
    }
}
