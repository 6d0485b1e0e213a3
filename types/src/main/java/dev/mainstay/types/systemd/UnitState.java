package dev.mainstay.types.systemd;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What systemd says of a unit at one moment.
///
/// @param active ActiveState: active, reloading, inactive, failed, activating, deactivating
/// @param sub SubState, finer and different for each kind of unit
/// @param invocation names this life of the unit, in hexadecimal digits; empty before the first
/// @param result Result of a service: success, exit-code, signal, timeout and more; empty for other kinds
/// @param exitKind how the main process ended: 1 exited, 2 killed, 3 dumped; 0 for none
/// @param exitStatus its exit code or signal
record UnitState(String active, String sub, String invocation, String result, int exitKind, int exitStatus) {
    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "HUP", 2, "INT", 3, "QUIT", 4, "ILL", 6, "ABRT", 7, "BUS", 8, "FPE", 9, "KILL", 11, "SEGV", 15, "TERM");
    private static final int EXITED = 1;

    static UnitState of(Bus bus, String path, boolean service) throws Bus.Lost {
        var active = bus.property(path, "Unit", "ActiveState", String.class);
        var sub = bus.property(path, "Unit", "SubState", String.class);
        var invocation = bus.property(path, "Unit", "InvocationID", List.class);
        if (!service) {
            return new UnitState(active, sub, hex(invocation), "", 0, 0);
        }
        var result = bus.property(path, "Service", "Result", String.class);
        var exitKind = bus.property(path, "Service", "ExecMainCode", Integer.class);
        var exitStatus = bus.property(path, "Service", "ExecMainStatus", Integer.class);
        return new UnitState(active, sub, hex(invocation), result, exitKind, exitStatus);
    }

    private static String hex(List<?> bytes) {
        return bytes.stream().map(one -> HexFormat.of().toHexDigits((Byte) one)).collect(Collectors.joining());
    }

    boolean serves() {
        return serves(active);
    }

    static boolean serves(String active) {
        return active.equals("active") || active.equals("reloading") || active.equals("refreshing");
    }

    /// Whether nothing of it runs and nothing is under way.
    boolean atRest() {
        return atRest(active);
    }

    static boolean atRest(String active) {
        return active.equals("inactive") || active.equals("failed");
    }

    /// State and, if it ended, how; as systemd's own log says it.
    String words() {
        var words = new StringBuilder("%s (%s)".formatted(active, sub));
        if (exitKind == EXITED) {
            words.append(", main process exited, code=exited, status=%d".formatted(exitStatus));
        } else if (exitKind > EXITED) {
            var name = SIGNALS.getOrDefault(exitStatus, "");
            words.append(", main process exited, code=%s, status=%d%s"
                    .formatted(exitKind == 2 ? "killed" : "dumped", exitStatus, name.isEmpty() ? "" : "/" + name));
        }
        if (!result.isEmpty() && !result.equals("success")) {
            words.append(", result '%s'".formatted(result));
        }
        return words.toString();
    }
}
