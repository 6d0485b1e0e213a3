package dev.mainstay.service.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The published schema and the examples against the built-in types; `-Dmainstay.regenerate=true` rewrites
/// the schema.
class ManifestSchemaTest {
    private static final Path PUBLISHED = Path.of("../docs/manifest.schema.json");

    @Test
    void isPublishedAsItIs() throws IOException {
        var schema = ManifestSchema.json(builtIn().values());

        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(PUBLISHED, schema);
        }
        assertThat(schema).isEqualTo(Files.readString(PUBLISHED)).contains("properties-of-process");
    }

    @ParameterizedTest
    @ValueSource(strings = {"website", "postgresql", "guard"})
    void examplesUseTheBuiltInTypesWell(String name) throws IOException {
        var text = Files.readString(Path.of("../examples/" + name + ".yaml"));
        var variables = Map.of(Variables.JAVA, "/jdk/bin/java", Variables.DIRECTORY, "/srv");

        var reading = ManifestReader.read(name, text.getBytes(StandardCharsets.UTF_8), builtIn(), variables);

        assertThat(reading).isInstanceOf(Reading.Good.class);
    }

    private static Map<String, TypeSpec> builtIn() {
        var types = new HashMap<String, TypeSpec>();
        for (var type : ServiceLoader.load(ResourceType.class)) {
            var description = type.describe();
            types.put(
                    description.name(),
                    new TypeSpec(
                            description.name(),
                            description.version(),
                            description.help(),
                            description.properties().stream()
                                    .map(ManifestSchemaTest::spec)
                                    .toList(),
                            0,
                            0,
                            0,
                            0,
                            true));
        }
        return types;
    }

    private static PropertySpec spec(PropertyDescription property) {
        return new PropertySpec(
                property.name(),
                property.kind().name(),
                property.required(),
                property.defaultValue(),
                property.choices(),
                property.minimum(),
                property.maximum(),
                property.help());
    }
}
