package example;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.List;

/// Describes the type; named in META-INF/services/dev.mainstay.spi.ResourceType.
public final class @CLASS@Type implements ResourceType {
    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "@NAME@",
            "0.1.0",
            "Sleeps, until you make it do something better.",
            List.of(PropertyDescription.optional("seconds", Kind.INTEGER, "How long one sleep is.")
                    .withDefault("86400")
                    .within(1, 86_400_000)));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) {
        return new @CLASS@Resource(context);
    }
}
