package dev.mainstay.types.check;

import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.Objections;

/// The resource type `tcp`: online while something accepts connections.
public final class TcpType implements ResourceType {
    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "tcp",
            "1.0.0",
            "Asks whether something accepts TCP connections: online once it does, failed when it no longer does,"
                    + " offline means that nobody asks. It starts and stops nothing: make it depend on what it asks, or"
                    + " let others depend on it as a guard on something outside of the cluster.",
            CheckProperties.behind(required(
                    "address", Kind.TEXT, "host:port; a connection that is accepted means healthy, and is closed.")));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return new CheckedResource(
                context,
                Check.Tcp.of(context.resource(), "address", context.properties().text("address")));
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(request, properties -> Check.Tcp.of("", "address", properties.text("address")));
    }
}
