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
                new ToMonitor.Starting(2, true, false, "n1"),
                new ToMonitor.Open(spec(), "its isAlive hung", 20),
                new ToMonitor.Close("web", "it was deleted"),
                new ToMonitor.Online("web", 7, 3, "RESTART"),
                new ToMonitor.Offline("web", 8, "MOVE"),
                new ToMonitor.Fail("web", "an operator asked for it"),
                new ToMonitor.Control(
                        9, "web", "process", "get-processes", Map.of("deep", List.of("true")), 30_000, true),
                new ToMonitor.QueryAnswer(4, "there is no group 'wep'", Map.of("state", List.of("online"))),
                new ToMonitor.Beat(12, 1_000, 10_000),
                new ToMonitor.AskMeasures(5),
                new ToMonitor.LoadPlugins(),
                new ToMonitor.Ask(),
                new ToMonitor.Stop("the node stops"));
    }

    static List<ToService> toService() {
        return List.of(
                new ToService.Hello(
                        1, 2, "default", "70cafe", new ToService.Hello.ProcessRef(4711, 123_456, "b007-1d")),
                new ToService.Inventory(List.of(type()), List.of(held(), held()), List.of("x.jar: no type in it")),
                new ToService.InventoryPart(List.of(type()), List.of(held()), List.of("y.jar: too large")),
                new ToService.Beat(12),
                new ToService.Report(held()),
                new ToService.Closed("web"),
                new ToService.ControlDone(
                        9, ToService.ControlDone.Result.DONE, Map.of("pids", List.of("4711", "4712")), "none"),
                new ToService.ControlExtended(9, 60_000),
                new ToService.Query(4, "web", "GROUP", "wep", List.of("a", "b")),
                new ToService.Measures(
                        5,
                        List.of(new ToService.Measures.CallMeasure(
                                "process",
                                "isAlive",
                                100,
                                2,
                                new ToService.Measures.Spread(1, 2, 3, 4, 5),
                                "web",
                                SEEN_MICROS,
                                "at x")),
                        List.of(new ToService.Measures.RunningCall("web", "process", "online", SEEN_MICROS)),
                        new ToService.Measures.Spread(6, 7, 8, 9, 10),
                        1_000),
                new ToService.Doomed("a call does not return"),
                new ToService.Deadlocked(
                        "web", "process", "isAlive", SEEN_MICROS, 300_000, "/evidence/1.txt", "reads from a socket"),
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
                12,
                true);
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
                SEEN_MICROS + 500,
                new HeldResource.Conditions(
                        "a backup runs", "the guest is silent", "eth0 is down", "it died", Map.of("port", "80"), true));
    }

    private static TypeSpec type() {
        var property = new PropertySpec(
                "stopSignal",
                "CHOICE",
                true,
                List.of("TERM"),
                List.of("TERM", "INT"),
                -1,
                1 << 20,
                "The signal.",
                "AT_ONCE");
        var control = new TypeSpec.ControlSpec("rotate-log", true, true, List.of(property), List.of(), "Rotates it.");
        return new TypeSpec(
                "process",
                "1.0.0",
                "Keeps one program running.",
                List.of(property),
                1,
                2,
                3,
                4,
                true,
                new TypeSpec.AbilitySpec(
                        "service", List.of("VETO_DRAIN"), List.of("network"), List.of(control), 1, "/plugins/x"));
    }
}
