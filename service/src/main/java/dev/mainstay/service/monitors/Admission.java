package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ProtocolVersion;
import dev.mainstay.protocol.ToService.Hello;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Who may connect as a monitor: the process just started, once, by its token; or one that served an earlier
/// cluster service, by its session key.
///
/// **Threads:** any.
final class Admission {
    private final Map<String, Expected> expected = new ConcurrentHashMap<>();

    /// What is known of a monitor that may connect.
    ///
    /// @param token what it must show; replaced by nothing once it was used
    /// @param fresh whether this cluster service started it
    record Expected(Session session, String token, boolean fresh) {}

    /// The answer to a Hello.
    sealed interface Verdict {
        /// Let in.
        record Admitted(Expected expected, int version) implements Verdict {}

        /// Turned away.
        record Denied(String reason) implements Verdict {}
    }

    /// From now on just this process may connect under its session's monitor name, once.
    void expect(Expected one) {
        expected.put(one.session().monitor(), one);
    }

    /// The process that was let in did not hear of it: it may connect once more, unless another is
    /// expected by now.
    void expectAgain(Expected one) {
        expected.putIfAbsent(one.session().monitor(), one);
    }

    /// From now on nobody may connect under this name.
    void expectNobody(String monitor) {
        expected.remove(monitor);
    }

    /// Decides about a connection; one that is admitted uses its expectation up.
    Verdict decide(Hello hello) {
        var one = Optional.ofNullable(expected.get(hello.monitor()));
        var version = version(hello);
        if (version.isEmpty()) {
            return new Verdict.Denied(
                    ("connect monitor '%s': it speaks protocol versions %d to %d, this cluster service %d to %d. "
                                    + "Use a monitor and a cluster service of the same release.")
                            .formatted(
                                    hello.monitor(),
                                    hello.oldestVersion(),
                                    hello.newestVersion(),
                                    ProtocolVersion.OLDEST,
                                    ProtocolVersion.NEWEST));
        }
        if (one.isEmpty()) {
            return new Verdict.Denied(
                    "connect monitor '%s': no monitor of this name is expected now. Monitors are started by the "
                                    .formatted(hello.monitor())
                            + "cluster service only.");
        }
        if (!one.get().token().equals(hello.credential())
                || !one.get().session().process().equals(hello.process())) {
            return new Verdict.Denied(
                    "connect monitor '%s': it is not the process that was started under this name (pid %d, expected %d)"
                            .formatted(
                                    hello.monitor(),
                                    hello.process().pid(),
                                    one.get().session().process().pid()));
        }
        return expected.remove(hello.monitor(), one.get())
                ? new Verdict.Admitted(one.get(), version.get())
                : new Verdict.Denied("connect monitor '%s': it is connected already".formatted(hello.monitor()));
    }

    private static Optional<Integer> version(Hello hello) {
        int newestOfBoth = Math.min(hello.newestVersion(), ProtocolVersion.NEWEST);
        int oldestOfBoth = Math.max(hello.oldestVersion(), ProtocolVersion.OLDEST);
        return newestOfBoth >= oldestOfBoth ? Optional.of(newestOfBoth) : Optional.empty();
    }
}
