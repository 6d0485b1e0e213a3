package dev.mainstay.types.address;

import dev.mainstay.linux.LinkAddress;
import dev.mainstay.linux.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// An address this resource put on an interface of this node.
///
/// @param link index of the interface
/// @param linkName its name, for the operator
record Held(InetAddress address, int prefixLength, int link, String linkName) {
    private static final int FIELDS = 4;

    /// As it stands in a claim.
    String text() {
        return "%s %d %d %s".formatted(address.getHostAddress(), prefixLength, link, linkName);
    }

    static Optional<Held> parse(String text) {
        var fields = text.strip().split(" ", FIELDS);
        if (fields.length < FIELDS) {
            return Optional.empty();
        }
        try {
            return Wanted.literal(fields[0])
                    .map(address ->
                            new Held(address, Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), fields[3]));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    /// What is wrong with it, in words for the operator; empty when all is well.
    Optional<String> trouble(Network network) {
        var link = network.links().get(this.link);
        if (link == null) {
            return Optional.of("interface '%s' was removed, and address %s with it".formatted(linkName, words()));
        }
        if (!link.up()) {
            return Optional.of(
                    "interface '%s' went down, so address %s cannot be reached".formatted(linkName, words()));
        }
        if (!link.carrier()) {
            return Optional.of(
                    "interface '%s' lost its carrier, so address %s cannot be reached".formatted(linkName, words()));
        }
        var there = on(network.addresses());
        if (there.isEmpty()) {
            return Optional.of("address %s was removed from '%s'".formatted(words(), linkName));
        }
        if (there.get().duplicate()) {
            return Optional.of("address %s on '%s' is marked as a duplicate by the kernel: another node has it"
                    .formatted(words(), linkName));
        }
        return there.get().tentative()
                ? Optional.of("address %s on '%s' is tentative: the kernel still asks whether another node has it"
                        .formatted(words(), linkName))
                : Optional.empty();
    }

    /// This address as the kernel lists it.
    Optional<LinkAddress> on(List<LinkAddress> addresses) {
        return addresses.stream()
                .filter(one -> one.link() == link && one.address().equals(address))
                .findFirst();
    }

    private String words() {
        return address.getHostAddress();
    }

    /// Reads the network as it is now.
    Optional<String> trouble() throws IOException {
        try (var socket = new RouteSocket()) {
            return trouble(Network.read(socket));
        }
    }
}
