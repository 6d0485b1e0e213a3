package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A monitor process that hosts nothing: it connects, tells an empty inventory, connects again when the service
/// is
/// gone, and ends when told to stop.
public final class FakeMonitor {
    private FakeMonitor() {}

    /// Runs until told to stop.
    public static void main(String[] args) throws Exception {
        var socket = args[List.of(args).indexOf("--socket") + 1];
        var credential = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        while (true) {
            try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                var self = RunningProcess.of(ProcessHandle.current().pid()).orElseThrow();
                Frames.write(channel, ToService.class, new ToService.Hello(1, 1, "default", credential, self));
                while (true) {
                    switch (Frames.read(channel, ToMonitor.class)) {
                        case ToMonitor.Welcome welcome -> {
                            credential = welcome.sessionKey();
                            Frames.write(channel, ToService.class, new ToService.Inventory(List.of(), List.of()));
                        }
                        case ToMonitor.Refused _, ToMonitor.Stop _ -> System.exit(0);
                        case ToMonitor other -> System.out.println(other);
                    }
                }
            } catch (IOException gone) {
                Thread.sleep(100);
            }
        }
    }
}
