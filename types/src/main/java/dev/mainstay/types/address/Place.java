package dev.mainstay.types.address;

import static java.util.stream.Collectors.joining;

import dev.mainstay.linux.Link;
import dev.mainstay.linux.Route;
import dev.mainstay.spi.ResourceFailure;
import java.util.List;
import java.util.Optional;

/// Where an address goes: interface and prefix length, given or found.
record Place(Link link, int prefixLength) {
    /// Takes what is given, and the rest from the narrowest subnet that covers the address.
    ///
    /// **Errors:** [ResourceFailure] when no interface or more than one would do; it lists what there is.
    static Place find(Wanted wanted, List<Link> links, List<Route> routes) throws ResourceFailure {
        var given = Optional.<Link>empty();
        if (wanted.linkName().isPresent()) {
            given = links.stream()
                    .filter(link -> link.name().equals(wanted.linkName().get()))
                    .findFirst();
            if (given.isEmpty()) {
                throw refused(
                        wanted,
                        "there is no interface '%s' on this node. It has %s. Correct the name"
                                .formatted(wanted.linkName().get(), names(links)));
            }
            if (wanted.prefixLength().isPresent()) {
                return new Place(given.get(), wanted.prefixLength().get());
            }
        }
        var covering = covering(wanted, given, routes);
        if (covering.isEmpty()) {
            throw refused(
                    wanted,
                    given.map(link -> "no subnet on interface '%s' covers it. Give subnetMask, or correct the address"
                                    .formatted(link.name()))
                            .orElseGet(() ->
                                    "no interface of this node has a subnet that covers it; there are %s. Give interface and subnetMask, or correct the address"
                                            .formatted(subnets(routes, links))));
        }
        if (covering.stream().map(Route::link).distinct().count() > 1) {
            throw refused(
                    wanted,
                    "several interfaces have a subnet that covers it: %s. Say which by interface"
                            .formatted(subnets(covering, links)));
        }
        var route = covering.getFirst();
        var link = links.stream().filter(one -> one.index() == route.link()).findFirst();
        if (link.isEmpty()) {
            throw refused(wanted, "the interface that covers it was removed just now. Try again");
        }
        return new Place(link.get(), wanted.prefixLength().orElse(route.prefixLength()));
    }

    private static List<Route> covering(Wanted wanted, Optional<Link> given, List<Route> routes) {
        var all = routes.stream()
                .filter(route -> route.prefixLength() > 0 && route.covers(wanted.address()))
                .filter(route -> given.isEmpty() || given.get().index() == route.link())
                .toList();
        var narrowest = all.stream().mapToInt(Route::prefixLength).max().orElse(0);
        return all.stream().filter(route -> route.prefixLength() == narrowest).toList();
    }

    private static String subnets(List<Route> routes, List<Link> links) {
        return routes.isEmpty()
                ? "none"
                : routes.stream()
                        .map(route -> "%s/%d on '%s'"
                                .formatted(
                                        route.subnet().getHostAddress(),
                                        route.prefixLength(),
                                        links.stream()
                                                .filter(link -> link.index() == route.link())
                                                .map(Link::name)
                                                .findFirst()
                                                .orElse("?")))
                        .distinct()
                        .collect(joining(", "));
    }

    private static String names(List<Link> links) {
        return links.stream().map(link -> "'" + link.name() + "'").collect(joining(", "));
    }

    private static ResourceFailure refused(Wanted wanted, String words) {
        return new ResourceFailure(
                "bringing '%s' online with address %s: ".formatted(wanted.resource(), wanted.text()) + words);
    }
}
