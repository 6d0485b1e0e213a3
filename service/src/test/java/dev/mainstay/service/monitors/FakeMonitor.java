package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Measures.Spread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A monitor process that hosts nothing: it connects, tells an empty inventory, connects again when the service
/// is gone, and ends when told to stop. It answers controls: `hang` is a deadlock, `doomed`
/// tells of its end, `late` is postponed.
public final class FakeMonitor {
    private FakeMonitor() {}

    /// Runs until told to stop.
    public static void main(String[] args) throws Exception {
        var socket = args[List.of(args).indexOf("--socket") + 1];
        var monitor = args[List.of(args).indexOf("--monitor") + 1];
        if (monitor.equals("resource-broken")) {
            System.out.println("cannot load the type: libfoo.so.1 is missing");
            System.exit(9);
        }
        var credential = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        while (true) {
            try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                var self = RunningProcess.of(ProcessHandle.current().pid()).orElseThrow();
                Frames.write(channel, ToService.class, new ToService.Hello(1, 2, monitor, credential, self));
                while (true) {
                    switch (Frames.read(channel, ToMonitor.class)) {
                        case ToMonitor.Welcome welcome -> {
                            credential = welcome.sessionKey();
                            Frames.write(channel, ToService.class, new ToService.Inventory(List.of(), List.of()));
                        }
                        case ToMonitor.Refused _ -> throw new IOException("refused");
                        case ToMonitor.Stop _ -> System.exit(0);
                        case ToMonitor.Beat(var number, var _, var _) ->
                            Frames.write(channel, ToService.class, new ToService.Beat(number));
                        case ToMonitor.Control control -> answer(channel, control);
                        case ToMonitor.AskMeasures(var id) -> Frames.write(channel, ToService.class, measures(id));
                        case ToMonitor other -> System.out.println(other);
                    }
                }
            } catch (IOException gone) {
                Thread.sleep(100);
            }
        }
    }

    private static void answer(SocketChannel channel, ToMonitor.Control control) throws IOException {
        switch (control.code()) {
            case "hang" ->
                Frames.write(
                        channel,
                        ToService.class,
                        new ToService.Deadlocked("web", "process", "isAlive", 1_000_000, 300_000, "", "it hangs"));
            case "doomed" -> Frames.write(channel, ToService.class, new ToService.Doomed("it is broken"));
            case "late" -> {
                Frames.write(channel, ToService.class, new ToService.ControlExtended(control.id(), 60_000));
                done(channel, control);
            }
            case "leave" -> throw new IOException("it leaves the connection");
            case "garble" -> channel.write(ByteBuffer.wrap("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)));
            case "never" -> System.out.println("no answer");
            default -> done(channel, control);
        }
    }

    private static void done(SocketChannel channel, ToMonitor.Control control) throws IOException {
        Frames.write(
                channel,
                ToService.class,
                new ToService.ControlDone(control.id(), Result.DONE, Map.of("code", List.of(control.code())), ""));
    }

    private static ToService.Measures measures(long id) {
        return new ToService.Measures(id, List.of(), List.of(), new Spread(1, 2, 3, 4, 5), 7);
    }
}
