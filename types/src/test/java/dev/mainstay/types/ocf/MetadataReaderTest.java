package dev.mainstay.types.ocf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataReaderTest {
    private static final String AGENT = """

            <?xml version="1.0"?>
            <!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
            <resource-agent name="it" version="1.0">
            <version>1.1</version>
            <longdesc lang="en">It has a <parameter/> in its text.</longdesc>
            <parameters>
            <parameter name="ip" unique-group="address" required="1">
              <longdesc lang="en">long</longdesc><shortdesc lang="en">an
                address</shortdesc><shortdesc lang="de">Adresse</shortdesc>
              <content type="string"/>
            </parameter>
            <parameter name="mode" required="0">
              <deprecated/>
              <content type="select" default="a"><option value="a"/><option value="b"/></content>
            </parameter>
            <parameter name="port"><content type="integer" default="80"/></parameter>
            <parameter name="verbose" required="1"><content type="boolean" default="no"/></parameter>
            </parameters>
            <actions>
            <action name="start" timeout="20s"/>
            <action name="stop"/>
            <action name="monitor" depth="0" timeout="10" interval="10"/>
            <action name="monitor" depth="10" timeout="1min" interval="10"/>
            <action name="monitor" timeout="15s" interval="10"/>
            </actions>
            <special tag="of the author"/>
            </resource-agent>
            """.replace("<parameter/>", "&lt;parameter/&gt;");

    @Test
    void readsParametersAndActions() throws Exception {
        var read = MetadataReader.read(AGENT);

        assertThat(read.parameter("ip").orElseThrow())
                .isEqualTo(new Metadata.Parameter("ip", "string", true, true, false, "", List.of(), "an address"));
        assertThat(read.parameter("mode").orElseThrow())
                .isEqualTo(new Metadata.Parameter("mode", "select", false, false, true, "a", List.of("a", "b"), ""));
        assertThat(read.parameters()).hasSize(4);
        assertThat(read.advertises("promote")).isFalse();
        assertThat(read.levels()).containsExactly(10, 0);
        assertThat(read.advised("start")).isEqualTo(Duration.ofSeconds(20));
        assertThat(read.advisedForCheck(0)).isEqualTo(Duration.ofSeconds(15));
        assertThat(read.advisedForCheck(10)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void takesTwentySecondsWhereAnAgentAdvisesNothing() throws Exception {
        assertThat(MetadataReader.read(AGENT).advised("stop")).isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @CsvSource({
        "20, 20000",
        "20s, 20000",
        "' 20 sec ', 20000",
        "1min, 60000",
        "2m, 120000",
        "1h, 3600000",
        "500ms, 500",
        "soon, 0",
        "'', 0",
        "-1, 0"
    })
    void readsTimesAsAgentsWriteThem(String text, long millis) {
        assertThat(MetadataReader.time(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void findsEverythingThatIsWrongWithParameters() throws Exception {
        var read = MetadataReader.read(AGENT);

        assertThat(Parameters.troubles(read, Map.of("ip", "x", "port", "8080", "verbose", "Yes", "mode", "b")))
                .isEmpty();
        assertThat(Parameters.troubles(read, Map.of("ip", "x", "trace_ra", "1")))
                .isEmpty();
        assertThat(Parameters.troubles(read, Map.of("port", "8o8o", "mode", "c", "IP", "x")))
                .containsExactlyInAnyOrder(
                        "parameter 'port' is '8o8o', expected a whole number",
                        "parameter 'mode' is 'c', expected one of a, b",
                        "it takes no parameter 'IP', but 'ip'",
                        "it needs parameter 'ip' (an address)");
    }

    @Test
    void opensNoFileThatMetadataNames(@TempDir Path directory) throws Exception {
        var secret = Files.writeString(directory.resolve("secret"), "the key");
        var text = """
                <?xml version="1.0"?>
                <!DOCTYPE resource-agent [<!ENTITY key SYSTEM "%s">]>
                <resource-agent name="it"><parameters><parameter name="a">
                <shortdesc>&key;</shortdesc><content type="string" default="&key;"/>
                </parameter></parameters></resource-agent>
                """.formatted(secret.toUri());

        assertThatThrownBy(() -> MetadataReader.read(text)).isInstanceOf(XMLStreamException.class);
    }

    @Test
    @Timeout(10)
    void isNotFilledByEntitiesOfEntities() {
        var bomb = Map.of("a", "lol", "b", "a", "c", "b", "d", "c", "e", "d", "f", "e").entrySet().stream()
                .map(one -> "<!ENTITY %s \"%s\">".formatted(one.getKey(), ("&" + one.getValue() + ";").repeat(100)))
                .collect(Collectors.joining());

        assertThatThrownBy(() -> MetadataReader.read(
                        "<!DOCTYPE resource-agent [%s]><resource-agent>&f;</resource-agent>".formatted(bomb)))
                .isInstanceOf(XMLStreamException.class);
    }

    @ParameterizedTest
    @CsvSource({"''", "usage: it {start|stop}", "<html></html>", "<resource-agent><parameters>"})
    void refusesWhatIsNoMetadata(String text) {
        assertThatThrownBy(() -> MetadataReader.read(text)).isInstanceOf(XMLStreamException.class);
    }
}
