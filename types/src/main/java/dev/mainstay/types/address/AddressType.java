package dev.mainstay.types.address;

import static dev.mainstay.spi.PropertyDescription.optional;
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
import java.util.List;

/// The resource type `ip-address`: one address on one interface of the node that owns the group.
///
/// **Source:** the original's IP Address and IPv6 Address; events instead of polls are an addition.
public final class AddressType implements ResourceType {
    private static final long MINUTE_MILLIS = 60_000;
    private static final int ANNOUNCEMENTS_MAX = 100;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "ip-address",
            "1.0.0",
            "Puts an IPv4 or IPv6 address on an interface, after asking whether another node has it, and tells the"
                    + " neighbours where it is now. It has failed as soon as the kernel says that the address is gone,"
                    + " or its interface down or without a carrier. Needs a monitor that runs as root. An address"
                    + " that somebody else put on the node is neither used nor removed.",
            List.of(
                    required("address", Kind.TEXT, "The address, such as 192.0.2.10 or 2001:db8::10."),
                    optional(
                            "subnetMask",
                            Kind.TEXT,
                            "The size of its subnet, in bits (24) or as an IPv4 mask (255.255.255.0). Default: that of"
                                    + " the narrowest subnet of this node that covers the address."),
                    optional(
                            "interface",
                            Kind.TEXT,
                            "The interface that receives the address. Default: the one with the narrowest subnet that"
                                    + " covers it; it must be the only one."),
                    optional(
                            "label",
                            Kind.TEXT,
                            "A name shown with an IPv4 address, such as eth0:web; it must begin with the interface."),
                    optional(
                                    "duplicateCheck",
                                    Kind.DURATION,
                                    "How long answers are awaited to the question whether another node has an IPv4"
                                            + " address; asked three times meanwhile. For IPv6 the kernel asks, for"
                                            + " as long as it is set up to. 0s: nobody is asked.")
                            .withDefault("600ms")
                            .within(0, MINUTE_MILLIS),
                    optional(
                                    "announcements",
                                    Kind.INTEGER,
                                    "How often the neighbours are told where the address is now.")
                            .withDefault("5")
                            .within(0, ANNOUNCEMENTS_MAX),
                    optional("announcementInterval", Kind.DURATION, "The time between two announcements.")
                            .withDefault("400ms")
                            .within(10, MINUTE_MILLIS)));

    private final AddressWatch watch = new AddressWatch();

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return AddressResource.open(context, watch);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(request, properties -> Wanted.of("", properties));
    }
}
