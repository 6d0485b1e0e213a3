package dev.mainstay.types.address;

import dev.mainstay.linux.LinkAddress;
import dev.mainstay.linux.Route;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Keeps the other addresses of a subnet when its first one goes.
///
/// The kernel removes them with it, unless it is told to promote the next one: the addresses of other resources
/// would vanish because this one goes offline.
final class Promotion {
    private Promotion() {}

    static void allow(List<LinkAddress> addresses, LinkAddress leaving, String linkName, Logger logger)
            throws IOException {
        if (leaving.secondary() || addresses.stream().noneMatch(other -> goesWith(other, leaving))) {
            return;
        }
        var setting = Path.of("/proc/sys/net/ipv4/conf", linkName, "promote_secondaries");
        if (Files.readString(setting).strip().equals("0")) {
            Files.writeString(setting, "1");
            logger.log(
                    Level.INFO,
                    "''{0}'' set to 1, so that other addresses of the subnet stay when {1} goes",
                    setting,
                    leaving.address().getHostAddress());
        }
    }

    private static boolean goesWith(LinkAddress other, LinkAddress leaving) {
        return other.secondary()
                && other.link() == leaving.link()
                && other.prefixLength() == leaving.prefixLength()
                && new Route(leaving.address(), leaving.prefixLength(), leaving.link()).covers(other.address());
    }
}
