package dev.mainstay.types.address;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceFailure;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// The address as the operator wrote it.
///
/// @param prefixLength empty when it shall be found
/// @param linkName empty when it shall be found
record Wanted(String resource, InetAddress address, Optional<Integer> prefixLength, Optional<String> linkName) {
    private static final int OCTETS = 4;
    /// IFNAMSIZ without its last byte.
    private static final int NAME_MAX = 15;

    private static final Pattern INTERFACE = Pattern.compile("[^/:\\s]{1,15}");
    private static final Pattern DOTTED = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    static Wanted of(String resource, Properties properties) throws ResourceFailure {
        var written = properties.text("address");
        var zone = written.indexOf('%');
        var address = literal(zone < 0 ? written : written.substring(0, zone))
                .filter(parsed -> !parsed.isAnyLocalAddress() && !parsed.isMulticastAddress())
                .filter(parsed -> zone < 0 || parsed.isLinkLocalAddress())
                .orElseThrow(() -> refused(
                        resource,
                        "address '%s' is not an IPv4 or IPv6 address of one node. Write it like 192.0.2.10 or 2001:db8::10",
                        written));
        var mask = properties.text("subnetMask");
        var link = link(resource, properties, zone < 0 ? "" : written.substring(zone + 1));
        checkLabel(resource, properties, link, address);
        if (mask.isEmpty()) {
            return new Wanted(resource, address, Optional.empty(), link);
        }
        var bits = address.getAddress().length * Byte.SIZE;
        var prefix = prefixLength(mask)
                .filter(length -> length >= 1 && length <= bits)
                .orElseThrow(() -> refused(
                        resource,
                        "subnetMask '%s' is neither a number of bits from 1 to " + bits
                                + " nor a mask without gaps such as 255.255.255.0. Correct it",
                        mask));
        return new Wanted(resource, address, Optional.of(prefix), link);
    }

    /// The interface by either of its spellings: `interface: eth0`, or `address: fe80::1%eth0`.
    private static Optional<String> link(String resource, Properties properties, String zone) throws ResourceFailure {
        var name = properties.text("interface");
        if (!zone.isEmpty() && !name.isEmpty() && !zone.equals(name)) {
            throw refused(
                    resource,
                    "address names the interface '%s', and interface says '" + name + "'. Leave one of them out",
                    zone);
        }
        var link = Optional.of(name.isEmpty() ? zone : name).filter(one -> !one.isEmpty());
        if (link.isPresent() && !INTERFACE.matcher(link.get()).matches()) {
            throw refused(
                    resource,
                    "interface '%s' is no name of an interface: it has 1 to " + NAME_MAX
                            + " characters, none of them a slash, a colon or a space. Correct it",
                    link.get());
        }
        return link;
    }

    private static void checkLabel(String resource, Properties properties, Optional<String> link, InetAddress address)
            throws ResourceFailure {
        var label = properties.text("label");
        if (label.isEmpty()) {
            return;
        }
        if (label.getBytes(StandardCharsets.UTF_8).length > NAME_MAX) {
            throw refused(
                    resource,
                    "label '%s' is longer than the " + NAME_MAX + " characters that the kernel keeps. Shorten it",
                    label);
        }
        if (link.isEmpty() || !label.startsWith(link.get())) {
            throw refused(
                    resource, "label '%s' does not begin with the interface. Set interface, and begin with it", label);
        }
        if (address.getAddress().length != OCTETS) {
            throw refused(resource, "label '%s' is for IPv4 only. Leave it out", label);
        }
    }

    /// What the kernel keeps once for each interface, not once for the node.
    boolean perLink() {
        return !ipv4() && address.isLinkLocalAddress();
    }

    boolean ipv4() {
        return address.getAddress().length == OCTETS;
    }

    String text() {
        return address.getHostAddress();
    }

    /// Only one spelling of IPv4 means the same everywhere: `010` is 8 for some and 10 for others.
    static Optional<InetAddress> literal(String text) {
        if (!text.contains(":") && !DOTTED.matcher(text).matches()) {
            return Optional.empty();
        }
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

    private static ResourceFailure refused(String resource, String words, String value) {
        return new LastingFailure("opening '%s': ".formatted(resource) + words.formatted(value));
    }
}
