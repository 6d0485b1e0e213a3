package dev.mainstay.types.address;

import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.net.InetAddress;
import java.util.Optional;

/// The address as the operator wrote it.
///
/// @param prefixLength empty when it shall be found
/// @param linkName empty when it shall be found
record Wanted(String resource, InetAddress address, Optional<Integer> prefixLength, Optional<String> linkName) {
    private static final int OCTETS = 4;

    static Wanted of(ResourceContext context) throws ResourceFailure {
        var properties = context.properties();
        var text = properties.text("address");
        var address = literal(text)
                .filter(parsed -> !parsed.isAnyLocalAddress() && !parsed.isMulticastAddress())
                .orElseThrow(() -> refused(
                        context,
                        "address '%s' is not an IPv4 or IPv6 address of one node. Write it like 192.0.2.10 or 2001:db8::10",
                        text));
        var mask = properties.text("subnetMask");
        var label = properties.text("label");
        var link = Optional.of(properties.text("interface")).filter(name -> !name.isEmpty());
        if (!label.isEmpty() && (link.isEmpty() || !label.startsWith(link.get()))) {
            throw refused(
                    context, "label '%s' does not begin with the interface. Set interface, and begin with it", label);
        }
        if (mask.isEmpty()) {
            return new Wanted(context.resource(), address, Optional.empty(), link);
        }
        var bits = address.getAddress().length * Byte.SIZE;
        var prefix = prefixLength(mask)
                .filter(length -> length >= 1 && length <= bits)
                .orElseThrow(() -> refused(
                        context,
                        "subnetMask '%s' is neither a number of bits from 1 to " + bits
                                + " nor a mask without gaps such as 255.255.255.0. Correct it",
                        mask));
        return new Wanted(context.resource(), address, Optional.of(prefix), link);
    }

    boolean ipv4() {
        return address.getAddress().length == OCTETS;
    }

    String text() {
        return address.getHostAddress();
    }

    static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> prefixLength(String mask) {
        if (mask.chars().allMatch(Character::isDigit) && mask.length() <= 3) {
            return Optional.of(Integer.parseInt(mask));
        }
        return literal(mask)
                .map(InetAddress::getAddress)
                .filter(bytes -> bytes.length == OCTETS)
                .map(Wanted::bits)
                .filter(bits -> Integer.numberOfTrailingZeros(bits) + Integer.bitCount(bits) == Integer.SIZE)
                .map(Integer::bitCount);
    }

    private static int bits(byte[] mask) {
        int bits = 0;
        for (var octet : mask) {
            bits = bits << Byte.SIZE | Byte.toUnsignedInt(octet);
        }
        return bits;
    }

    private static ResourceFailure refused(ResourceContext context, String words, String value) {
        return new ResourceFailure("opening '%s': ".formatted(context.resource()) + words.formatted(value));
    }
}
