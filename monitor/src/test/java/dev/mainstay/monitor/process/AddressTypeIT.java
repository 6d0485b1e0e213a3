package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.RouteWatch;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of an `ip-address` resource on two nodes and a third machine at one switch, all network namespaces.
class AddressTypeIT {
    private static final String ADDRESS = "192.0.2.10";
    private static final String ADDRESS_6 = "2001:db8::10";

    /// An event is told within milliseconds, a check comes after a minute; between them is room for a busy
    /// machine.
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private final ProcessSupervisor supervisor = new ProcessSupervisor("unused");
    private NetworkNamespace network;
    private NetworkNamespace first;
    private NetworkNamespace second;

    @BeforeEach
    void layCables() throws Exception {
        network = new NetworkNamespace("s");
        first = new NetworkNamespace("a");
        second = new NetworkNamespace("b");
        network.ip("link", "add", "br0", "type", "bridge", "forward_delay", "0");
        network.ip("link", "set", "br0", "up");
        network.connect("to-a", first, "eth0");
        network.connect("to-b", second, "eth0");
        network.ip("link", "set", "to-a", "master", "br0");
        network.ip("link", "set", "to-b", "master", "br0");
        network.ip("addr", "add", "192.0.2.1/24", "dev", "br0");
        first.ip("addr", "add", "192.0.2.2/24", "dev", "eth0");
        second.ip("addr", "add", "192.0.2.3/24", "dev", "eth0");
        for (var one : new NetworkNamespace[] {network, first, second}) {
            Eventually.until("the cables carry", () -> !links(one).contains("NO-CARRIER"), () -> links(one));
        }
    }

    @AfterEach
    void removeNetworks() throws Exception {
        supervisor.close();
        first.remove();
        second.remove();
        network.remove();
    }

    @Test
    void findsInterfaceAndPrefixAndLooksAsIfPutByHand() throws Exception {
        var desk = desk("a", Map.of());
        var entries = online(first, desk).entries();

        assertThat(first.ip("-j", "addr", "show", "to", ADDRESS))
                .contains("\"ifname\":\"eth0\"")
                .contains("\"prefixlen\":24")
                .contains("\"broadcast\":\"192.0.2.255\"")
                .contains("\"scope\":\"global\"");
        assertThat(alive(first, entries)).isEqualTo(Health.alive());

        var offline = desk.new Now();
        first.inside(() -> entries.offline(offline));
        assertThat(first.ip("addr")).doesNotContain(ADDRESS);
        // absent is what was asked for
        first.inside(() -> entries.offline(offline));
        first.inside(() -> {
            entries.terminate(Reason.REQUESTED);
            return true;
        });
    }

    @Test
    void takesMaskInterfaceAndLabelAsGiven() throws Exception {
        var given = Map.<String, Object>of(
                "address", "198.51.100.7", "subnetMask", "255.255.255.128", "interface", "eth0", "label", "eth0:web");
        online(first, desk("a", given));

        assertThat(first.ip("-j", "addr", "show", "to", "198.51.100.7"))
                .contains("\"prefixlen\":25")
                .contains("\"label\":\"eth0:web\"")
                .contains("\"broadcast\":\"198.51.100.127\"");
    }

    /// Each interface has its own, and by `%` it is named as `ip` prints it.
    @Test
    void aLinkLocalAddressIsOnceForEachInterface() throws Exception {
        first.ip("link", "add", "other0", "type", "veth", "peer", "name", "other1");
        first.ip("link", "set", "other0", "up");
        first.ip("addr", "add", "fe80::77/64", "dev", "other0", "nodad");
        var desk = desk("a", Map.of("address", "fe80::77%eth0", "subnetMask", "64"));
        var entries = online(first, desk).entries();

        assertThat(first.ip("addr", "show", "dev", "eth0")).contains("fe80::77/64");
        first.inside(() -> entries.offline(desk.new Now()));
        assertThat(first.ip("addr", "show", "dev", "eth0")).doesNotContain("fe80::77/64");
        assertThat(first.ip("addr", "show", "dev", "other0")).contains("fe80::77/64");
    }

    /// Before, the kernel answered "error 34", four times, and the group stayed down for an hour.
    @Test
    void refusesWhatTheKernelCannotKeepBeforeItIsAsked() {
        var long15 = Map.<String, Object>of("interface", "eth0", "label", "eth0:webservinterface1");
        assertThatThrownBy(() -> desk("a", long15).type().open(desk("a", long15)))
                .hasMessageContaining("label 'eth0:webservinterface1' is longer than the 15 characters");
        var name = Map.<String, Object>of("interface", "interface-of-web");
        assertThatThrownBy(() -> desk("a", name).type().open(desk("a", name)))
                .hasMessageContaining("it has 1 to 15 characters");
    }

    @Test
    void refusesAnAddressThatAnotherNodeHasAndSaysWhoAnswered() throws Exception {
        second.ip("addr", "add", ADDRESS + "/24", "dev", "eth0");

        var failure = tried(first, desk("a", Map.of()));

        assertThat(failure)
                .hasMessageContaining(
                        "another node has it already; on 'eth0' hardware address %s answered", mac(second));
        assertThat(first.ip("addr")).doesNotContain(ADDRESS);
    }

    @Test
    void theNeighboursFollowTheAddressToItsNextOwner() throws Exception {
        var desk = desk("a", Map.of());
        var entries = online(first, desk).entries();
        network.inside(() -> {
            try (var socket = new DatagramSocket()) {
                socket.send(
                        new DatagramPacket(new byte[1], 1, new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), 9)));
            }
            return true;
        });
        Eventually.until(
                "the neighbour knows the first owner",
                () -> neighbour(ADDRESS).contains(mac(first)),
                () -> neighbour(ADDRESS));

        first.inside(() -> entries.offline(desk.new Now()));
        online(second, desk("b", Map.of()));

        Eventually.until(
                "the neighbour knows the second owner",
                () -> neighbour(ADDRESS).contains(mac(second)),
                () -> neighbour(ADDRESS));
    }

    @Test
    void tellsAtOnceThatSomebodyRemovedTheAddress() throws Exception {
        var desk = desk("a", Map.of());
        var entries = online(first, desk).entries();

        var evidence = toldAfter(desk, () -> first.ip("addr", "del", ADDRESS + "/24", "dev", "eth0"));

        assertThat(evidence).isEqualTo("address 192.0.2.10 was removed from 'eth0'");
        assertThat(alive(first, entries)).isEqualTo(Health.dead(evidence));
    }

    @Test
    void tellsAtOnceThatTheInterfaceWentDown() throws Exception {
        var desk = desk("a", Map.of());
        online(first, desk);

        assertThat(toldAfter(desk, () -> first.ip("link", "set", "eth0", "down")))
                .isEqualTo("interface 'eth0' went down, so address 192.0.2.10 cannot be reached");
    }

    @Test
    void tellsThatTheCableWasPulled() throws Exception {
        var desk = desk("a", Map.of());
        online(first, desk);

        network.ip("link", "set", "to-a", "down");

        // the kernel itself takes up to a second to notice
        assertThat(desk.raised.get(10, TimeUnit.SECONDS))
                .isEqualTo("interface 'eth0' lost its carrier, so address 192.0.2.10 cannot be reached");
    }

    @Test
    void tellsAtOnceThatTheInterfaceWasRemoved() throws Exception {
        var desk = desk("a", Map.of());
        online(first, desk);

        assertThat(toldAfter(desk, () -> network.ip("link", "del", "to-a"))).startsWith("interface 'eth0' ");
        Eventually.until("the interface is gone", () -> !links(first).contains("eth0"), () -> links(first));
    }

    @Test
    void bringsAnIpv6AddressOnlineOnceTheKernelFoundItFree() throws Exception {
        first.ip("addr", "add", "2001:db8::2/64", "dev", "eth0");
        var desk = desk("a", Map.of("address", ADDRESS_6));
        var entries = online(first, desk).entries();

        assertThat(first.ip("addr", "show", "to", ADDRESS_6)).contains("/64").doesNotContain("tentative");
        assertThat(alive(first, entries)).isEqualTo(Health.alive());
        assertThat(toldAfter(desk, () -> first.ip("addr", "del", ADDRESS_6 + "/64", "dev", "eth0")))
                .contains("was removed from 'eth0'");
    }

    @Test
    void refusesAnIpv6AddressThatAnotherNodeHas() throws Exception {
        first.ip("addr", "add", "2001:db8::2/64", "dev", "eth0");
        second.ip("addr", "add", ADDRESS_6 + "/64", "dev", "eth0", "nodad");

        var failure = tried(first, desk("a", Map.of("address", ADDRESS_6)));

        assertThat(failure).hasMessageContaining("hardware address %s answered", mac(second));
        assertThat(first.ip("addr")).doesNotContain(ADDRESS_6);
    }

    @Test
    void theNeighboursFollowAnIpv6Address() throws Exception {
        network.ip("addr", "add", "2001:db8::1/64", "dev", "br0", "nodad");
        for (var one : new NetworkNamespace[] {first, second}) {
            one.ip("addr", "add", "2001:db8::%d/64".formatted(one == first ? 2 : 3), "dev", "eth0", "nodad");
        }
        network.ip("neigh", "add", ADDRESS_6, "lladdr", mac(first), "nud", "stale", "dev", "br0");

        online(second, desk("b", Map.of("address", ADDRESS_6)));

        Eventually.until(
                "the neighbour knows the owner",
                () -> neighbour(ADDRESS_6).contains(mac(second)),
                () -> neighbour(ADDRESS_6));
    }

    @Test
    void saysWhichSubnetsThereAreWhenNoneCoversTheAddress() throws Exception {
        assertThat(tried(first, desk("a", Map.of("address", "203.0.113.1"))))
                .hasMessageContaining("no interface of this node has a subnet that covers it")
                .hasMessageContaining("192.0.2.0/24 on 'eth0'");
        assertThat(tried(first, desk("a", Map.of("interface", "eth7"))))
                .hasMessageContaining("there is no interface 'eth7' on this node. It has 'lo', 'eth0'");
    }

    @Test
    void saysWhichInterfacesThereAreWhenSeveralCoverTheAddress() throws Exception {
        first.ip("link", "add", "eth1", "type", "bridge");
        first.ip("link", "set", "eth1", "up");
        first.ip("addr", "add", "192.0.2.9/24", "dev", "eth1");

        assertThat(tried(first, desk("a", Map.of())))
                .hasMessageContaining("several interfaces")
                .hasMessageContaining("192.0.2.0/24 on 'eth0'")
                .hasMessageContaining("192.0.2.0/24 on 'eth1'");
    }

    @Test
    void neitherUsesNorRemovesAnAddressThatSomebodyElsePutThere() throws Exception {
        first.ip("addr", "add", ADDRESS + "/24", "dev", "eth0");
        var desk = desk("a", Map.of());

        assertThat(tried(first, desk)).hasMessageContaining("this resource did not put it there");
        var entries = first.inside(() -> desk.type().open(desk));
        first.inside(() -> {
            entries.terminate(Reason.FAILURE);
            return true;
        });
        assertThat(first.ip("addr")).contains(ADDRESS);
    }

    @Test
    void openTakesAwayWhatAnEarlierMonitorLeftUnlessItIsAdopted() throws Exception {
        var desk = desk("a", Map.of());
        var adoption = online(first, desk).now().adoption.orElseThrow();
        var later = desk.after(adoption, supervisor.of("r", directory));
        var adopted = first.inside(() -> later.type().open(later));
        assertThat(alive(first, adopted)).isEqualTo(Health.alive());
        assertThat(toldAfter(later, () -> first.ip("addr", "del", ADDRESS + "/24", "dev", "eth0")))
                .contains("was removed");

        online(first, desk("a", Map.of()));
        var unproven = desk("a", Map.of());
        first.inside(() -> unproven.type().open(unproven));
        assertThat(first.ip("addr")).doesNotContain(ADDRESS);
    }

    @Test
    void leavesTheOtherAddressesOfTheSubnetWhenTheFirstOneGoes() throws Exception {
        var subnet = Map.<String, Object>of("subnetMask", "24", "interface", "eth0");
        var one = new HashMap<>(subnet);
        one.put("address", "198.51.100.1");
        var two = new HashMap<>(subnet);
        two.put("address", "198.51.100.2");
        first.inside(() -> {
            Files.writeString(Path.of("/proc/sys/net/ipv4/conf/eth0/promote_secondaries"), "0");
            return true;
        });
        var desk = desk("one", one);
        var entries = online(first, desk).entries();
        online(first, desk("two", two));

        first.inside(() -> entries.offline(desk.new Now()));

        assertThat(first.ip("addr")).contains("198.51.100.2").doesNotContain("198.51.100.1/");
    }

    /// The kernel drops events nobody reads in time, and says so once.
    @Test
    void looksAtEverythingAgainAfterEventsWereLost() throws Exception {
        var busy = new CountDownLatch(1);
        var lost = new CompletableFuture<RouteWatch.Changes>();
        var batch = directory.resolve("batch");
        Files.write(
                batch,
                IntStream.range(0, 4_000)
                        .mapToObj(i -> "addr add 198.18.%d.%d/32 dev lo".formatted(i / 250, i % 250 + 1))
                        .toList());
        var watch = first.inside(() -> new RouteWatch(changes -> {
            if (changes.everything()) {
                lost.complete(changes);
            }
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (watch) {
            first.ip("-batch", batch.toString());
            busy.countDown();

            assertThat(lost.get(10, TimeUnit.SECONDS).everything()).isTrue();
        }
    }

    @Test
    void refusesWhatIsNoAddress() {
        var desk = desk("a", Map.of("address", "www.example.com"));
        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("address 'www.example.com' is not an IPv4 or IPv6 address");
        var masked = desk("a", Map.of("subnetMask", "255.0.255.0"));
        assertThatThrownBy(() -> masked.type().open(masked)).hasMessageContaining("a mask without gaps");
    }

    private record Life(EntryPoints entries, TestDesk.Now now) {}

    private static Life online(NetworkNamespace node, TestDesk desk) throws Exception {
        var now = desk.new Now();
        var entries = node.inside(() -> {
            var opened = desk.type().open(desk);
            opened.online(now);
            return opened;
        });
        assertThat(now.failure).isEmpty();
        return new Life(entries, now);
    }

    private static ResourceFailure tried(NetworkNamespace node, TestDesk desk) throws Exception {
        var now = desk.new Now();
        return node.inside(() -> {
            var opened = desk.type().open(desk);
            opened.online(now);
            opened.terminate(Reason.FAILURE);
            return now.failure.orElseThrow();
        });
    }

    private static Health alive(NetworkNamespace node, EntryPoints entries) throws Exception {
        return node.inside(entries::isAlive);
    }

    private interface Deed {
        String happen() throws Exception;
    }

    private static String toldAfter(TestDesk desk, Deed deed) throws Exception {
        assertThat(desk.raised).isNotDone();
        deed.happen();
        var begin = System.nanoTime();
        var evidence = desk.raised.get(10, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
        return evidence;
    }

    private TestDesk desk(String node, Map<String, Object> more) {
        var set = new HashMap<String, Object>(Map.of("address", ADDRESS));
        set.putAll(more);
        var own = directory.resolve(node);
        own.toFile().mkdirs();
        return TestDesk.of("ip-address", set, own, supervisor.of("r", directory));
    }

    private String neighbour(String address) {
        try {
            return network.ip("neigh", "show", address);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String mac(NetworkNamespace node) {
        try {
            return node.ip("-o", "link", "show", "eth0").replaceAll("(?s).*link/ether ([0-9a-f:]+) .*", "$1");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String links(NetworkNamespace node) {
        try {
            return node.ip("link");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
