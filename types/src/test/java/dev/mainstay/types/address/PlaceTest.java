package dev.mainstay.types.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.linux.Link;
import dev.mainstay.linux.Route;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlaceTest {
    private static final Link FIRST = new Link(2, "eth0", "02:00:00:00:00:01", 1, 0x1_0001);
    private static final Link SECOND = new Link(3, "eth1", "02:00:00:00:00:02", 1, 0x1_0001);
    private static final List<Link> LINKS = List.of(FIRST, SECOND);

    @Test
    void takesTheNarrowestSubnetThatCoversTheAddress() throws Exception {
        var routes = List.of(route("10.0.0.0", 8, FIRST), route("10.1.0.0", 16, SECOND), route("10.1.2.0", 25, FIRST));

        assertThat(Place.find(wanted("10.1.2.3"), LINKS, routes)).isEqualTo(new Place(FIRST, 25));
        assertThat(Place.find(wanted("10.1.2.200"), LINKS, routes)).isEqualTo(new Place(SECOND, 16));
    }

    @Test
    void neverMixesTheFamilies() {
        assertThatThrownBy(() -> Place.find(wanted("2001:db8::1"), LINKS, List.of(route("10.0.0.0", 8, FIRST))))
                .hasMessageContaining("there are 10.0.0.0/8 on 'eth0'. Give interface and subnetMask");
    }

    @Test
    void namesBothInterfacesOfOneSubnet() {
        var routes = List.of(route("10.0.0.0", 8, FIRST), route("10.0.0.0", 8, SECOND));

        assertThatThrownBy(() -> Place.find(wanted("10.1.2.3"), LINKS, routes))
                .hasMessageContaining("10.0.0.0/8 on 'eth0', 10.0.0.0/8 on 'eth1'");
    }

    @Test
    void looksForThePrefixOnTheGivenInterfaceOnly() throws Exception {
        var routes = List.of(route("10.0.0.0", 8, FIRST), route("10.1.0.0", 16, SECOND));
        var given = new Wanted("r", address("10.1.2.3"), Optional.empty(), Optional.of("eth0"));

        assertThat(Place.find(given, LINKS, routes)).isEqualTo(new Place(FIRST, 8));
    }

    @Test
    void aGivenMaskOnlyNeedsTheInterface() throws Exception {
        var given = new Wanted("r", address("192.0.2.1"), Optional.of(24), Optional.of("eth1"));

        assertThat(Place.find(given, LINKS, List.of())).isEqualTo(new Place(SECOND, 24));
    }

    @Test
    void aClaimReadsBackAsItWasWritten() {
        var held = new Held(address("2001:db8::1"), 64, 7, "eth0");

        assertThat(Held.parse(held.text())).contains(held);
        assertThat(Held.parse("nonsense")).isEmpty();
        assertThat(Held.parse("10.0.0.1 x 1 eth0")).isEmpty();
    }

    private static Wanted wanted(String address) {
        return new Wanted("r", address(address), Optional.empty(), Optional.empty());
    }

    private static Route route(String subnet, int prefixLength, Link link) {
        return new Route(address(subnet), prefixLength, link.index());
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
