package dev.mainstay.types.address;

import dev.mainstay.linux.Link;
import dev.mainstay.linux.LinkAddress;
import dev.mainstay.linux.RouteSocket;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The interfaces by their index, and the addresses, at one moment.
record Network(Map<Integer, Link> links, List<LinkAddress> addresses) {
    Network {
        links = Map.copyOf(links);
        addresses = List.copyOf(addresses);
    }

    static Network read(RouteSocket socket) throws IOException {
        var links = socket.links().stream().collect(Collectors.toMap(Link::index, Function.identity(), (a, _) -> a));
        return new Network(links, socket.addresses());
    }
}
