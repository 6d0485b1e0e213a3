package dev.mainstay.api;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns what can go wrong in an exchange into the one exception of the API.
final class Refusals {
    private Refusals() {}

    /// No connection came about.
    static ClusterException notConnected(Path socket, Request request, IOException trouble) {
        var what = "cannot " + request.asked() + ": ";
        if (!Files.exists(socket)) {
            return new ClusterException(
                    ErrorCode.SERVICE_NOT_RUNNING,
                    what + "no cluster service is running here (there is no socket '" + socket + "').",
                    "Start one with:  mainstay run FILE    or name the socket of a running one: --socket PATH.");
        }
        if (!Files.isWritable(socket)) {
            return new ClusterException(
                    ErrorCode.SERVICE_NOT_RUNNING,
                    what + "you may not use the socket '" + socket + "'.",
                    "Run the command as the user of the cluster service, or join the group that owns the socket.");
        }
        return new ClusterException(
                ErrorCode.SERVICE_NOT_RUNNING,
                what + "no cluster service answers on the socket '" + socket + "' (" + sentence(trouble) + ").",
                "Start it again with the command it was started with; its log is in its data directory.");
    }

    /// The connection broke, or something else than a cluster service answered.
    static ClusterException broken(Path socket, Request request, IOException trouble) {
        if (request.changing()) {
            return unknown(
                    request,
                    "the cluster service on '" + socket + "' was lost before it answered (" + sentence(trouble) + ")");
        }
        if (trouble instanceof ProtocolException) {
            return new ClusterException(
                    ErrorCode.SERVICE_NOT_RUNNING,
                    "cannot " + request.asked() + ": what answers on '" + socket + "' is not a cluster service: "
                            + sentence(trouble) + ".",
                    "Name the socket of a cluster service: --socket PATH.");
        }
        return new ClusterException(
                ErrorCode.SERVICE_NOT_RUNNING,
                "cannot " + request.asked() + ": the cluster service on '" + socket + "' was lost before it answered ("
                        + sentence(trouble) + ").",
                "Look at its log, then repeat the command.");
    }

    /// No answer in time.
    static ClusterException late(Path socket, Request request) {
        var silence = "the cluster service on '" + socket + "' did not answer within " + seconds(request.limit());
        if (request.changing()) {
            return unknown(request, silence);
        }
        return new ClusterException(
                ErrorCode.SERVICE_NOT_RUNNING,
                "cannot " + request.asked() + ": " + silence + ".",
                "Look whether its process hangs or the machine is overloaded, then repeat the command.");
    }

    /// The answer is none of the API's views.
    static ClusterException notUnderstood(Path socket, Request request, RuntimeException trouble) {
        if (request.changing()) {
            return unknown(request, "its answer cannot be understood: " + sentence(trouble));
        }
        return new ClusterException(
                ErrorCode.INTERNAL,
                "cannot " + request.asked() + ": the answer of '" + socket + "' cannot be understood: "
                        + sentence(trouble) + ".",
                "Compare the versions of command and cluster service (mainstay version), and report it.");
    }

    /// The service refused, in its own words.
    static ClusterException refused(Request request, int status, String body) {
        ErrorView view;
        try {
            view = JsonText.read(ErrorView.class, body);
        } catch (RuntimeException notOurs) {
            return new ClusterException(
                    byStatus(status),
                    "cannot " + request.asked() + ": the cluster service answered with HTTP status " + status
                            + " and no explanation.",
                    "Report it, with the log of the cluster service.");
        }
        var code = known(view.code());
        var message = orEmpty(view.detail());
        return new ClusterException(
                code == null ? byStatus(status) : code,
                code == null ? orEmpty(view.code()) + " " + message : message,
                orEmpty(view.advice()),
                Objects.requireNonNullElse(view.problems(), List.of()));
    }

    private static ClusterException unknown(Request request, String why) {
        return new ClusterException(
                ErrorCode.OUTCOME_UNKNOWN,
                "whether it was carried out is unknown, to " + request.asked() + ": " + why + ".",
                "Look with:  mainstay status    Repeating the command is safe.");
    }

    private static @Nullable ErrorCode known(@Nullable String code) {
        return Arrays.stream(ErrorCode.values())
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElse(null);
    }

    private static ErrorCode byStatus(int status) {
        return switch (status / 100) {
            case 4 -> status == 409 ? ErrorCode.FAILED : ErrorCode.BAD_INPUT;
            case 5 -> status == 503 ? ErrorCode.NO_LEADER : ErrorCode.INTERNAL;
            default -> ErrorCode.INTERNAL;
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private static String sentence(Exception trouble) {
        var text = trouble.getMessage();
        return text == null ? trouble.getClass().getSimpleName() : text;
    }
}
