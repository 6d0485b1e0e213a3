package dev.mainstay.protocol;

import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One message of each kind, with every component set.
final class Samples {
    private static final long SEEN_MICROS = 1_795_305_600_000_001L;

    private Samples() {}

    static List<ToMonitor> toMonitor() {
        return List.of(
                new ToMonitor.Welcome(1, "5e55", 30_000),
                new ToMonitor.Refused("a monitor 'default' is connected already."),
                new ToMonitor.Open(spec()),
                new ToMonitor.Close("web", "it was deleted"),
                new ToMonitor.Online("web", 7, 3, "RESTART"),
                new ToMonitor.Offline("web", 8, "MOVE"),
                new ToMonitor.Fail("web", "an operator asked for it"),
                new ToMonitor.Ask(),
                new ToMonitor.Stop("the node stops"));
    }

    static List<ToService> toService() {
        return List.of(
                new ToService.Hello(
                        1, 2, "default", "70cafe", new ToService.Hello.ProcessRef(4711, 123_456, "b007-1d")),
                new ToService.Inventory(List.of(type()), List.of(held(), held())),
                new ToService.Report(held()),
                new ToService.Closed("web"),
                new ToService.LogLine("WARNING", "web", "größer als erlaubt: 2 \uD83D\uDCBE"));
    }

    static List<Message> all() {
        List<Message> all = new ArrayList<>(toMonitor());
        all.addAll(toService());
        return all;
    }

    /// The interface a message travels as.
    static Class<? extends Message> direction(Message message) {
        return switch (message) {
            case ToMonitor _ -> ToMonitor.class;
            case ToService _ -> ToService.class;
        };
    }

    private static ResourceSpec spec() {
        return new ResourceSpec(
                "web",
                "website",
                "process",
                Map.of("command", List.of("/usr/sbin/nginx", "-g", "daemon off;")),
                List.of(List.of("data"), List.of("ip4", "ip6")),
                5_000,
                60_000,
                180_000,
                300_000,
                12);
    }

    private static HeldResource held() {
        return new HeldResource(
                "web",
                HeldState.ONLINE_PENDING,
                21,
                7,
                3,
                12,
                "waiting for check.http",
                "ended by signal 9",
                SEEN_MICROS,
                SEEN_MICROS + 500);
    }

    private static TypeSpec type() {
        var property = new PropertySpec(
                "stopSignal", "CHOICE", true, List.of("TERM"), List.of("TERM", "INT"), -1, 1 << 20, "The signal.");
        return new TypeSpec("process", "1.0.0", "Keeps one program running.", List.of(property), 1, 2, 3, 4, true);
    }
}
