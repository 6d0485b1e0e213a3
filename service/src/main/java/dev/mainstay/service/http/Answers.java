package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.ErrorView;
import dev.mainstay.api.EventView;
import dev.mainstay.service.manifest.ManifestReader;
import dev.mainstay.service.manifest.Spelling;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the route of a request and writes its answer, or the reason why there is none.
final class Answers implements Handler, AutoCloseable {
    static final Header JSON = HeaderValues.create("Content-Type", "application/json; charset=utf-8");

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final HeaderName USER = HeaderNames.create("X-Mainstay-User");
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final String STREAM = "text/event-stream";

    /// Text of a client that is repeated in a log line is cut here.
    private static final int LONGEST_LOGGED = 200;

    private final List<Route> routes;
    private final Jsonb jsonb;
    private final EventStream stream;
    private final boolean mayRunCode;
    private final RateLimit badClients = new RateLimit(System::nanoTime);

    /// Volatile: set by whoever closes, read by each stream.
    private volatile boolean closing;

    /// @param mayRunCode whether whoever asks here is the user of the cluster service
    Answers(List<Route> routes, Jsonb jsonb, Facts journal, JsonType<EventView> facts, boolean mayRunCode) {
        this.mayRunCode = mayRunCode;
        this.routes = List.copyOf(routes);
        this.jsonb = jsonb;
        this.stream = new EventStream(journal, facts, () -> closing);
    }

    @Override
    public void close() {
        closing = true;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        try {
            switch (answer(request)) {
                case Reply.Json json -> send(response, json.status(), json.text());
                case Reply.Text(var contentType, var text) ->
                    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, contentType))
                            .send(text);
                case Reply.Stream from -> follow(from.after(), response);
            }
        } catch (ClusterException refused) {
            var status = refused.code().category().httpStatus();
            send(response, status, error(refused));
        } catch (Unroutable unroutable) {
            send(response, unroutable.status, error(Query.bad(unroutable.what, unroutable.advice)));
        } catch (CloseConnectionException gone) {
            // the connection ends with it; who closed it and when is all there is to say
            logBadClient(
                    "API client left: path=%s reason=\"%s\"",
                    oneLine(request.path().rawPath()), String.valueOf(gone.getMessage()));
            throw gone;
        } catch (RuntimeException bug) {
            LOG.error(
                    "API request failed: method={} path={}",
                    request.prologue().method(),
                    request.path().rawPath(),
                    bug);
            send(
                    response,
                    500,
                    error(new ClusterException(
                            ErrorCode.INTERNAL,
                            "the request failed by a bug: %s".formatted(bug),
                            "Report it with the log of the cluster service.")));
        }
    }

    private Reply answer(ServerRequest request) throws InterruptedException {
        var method = request.prologue().method().text();
        var segments = Route.split(request.path().path());
        var alternatives = routes.stream()
                .filter(route -> route.match(segments).isPresent())
                .toList();
        var route = alternatives.stream()
                .filter(one -> one.method().equals(method))
                .findFirst()
                .orElseThrow(() -> alternatives.isEmpty() ? unknownPath(request) : unknownMethod(method, alternatives));
        var headers = request.headers();
        var call = new Call(
                route.match(segments).orElseThrow(),
                Query.of(request.query().rawValue(), route.parameters()),
                user(headers.first(USER)),
                mayRunCode,
                headers.first(HeaderNames.ACCEPT).orElse("").contains(STREAM),
                headers.first(LAST_EVENT_ID),
                () -> body(request));
        return route.answering().answer(call);
    }

    private Unroutable unknownPath(ServerRequest request) {
        var paths = routes.stream()
                .map(route -> "/" + String.join("/", route.path()).replace("*", "NAME"))
                .distinct()
                .toList();
        var path = oneLine(request.path().path());
        return new Unroutable(404, "the path '%s' does not exist".formatted(path), Spelling.advice(path, paths));
    }

    private static Unroutable unknownMethod(String method, List<Route> alternatives) {
        var methods = alternatives.stream().map(Route::method).toList();
        return new Unroutable(
                405,
                "%s is not possible on this path".formatted(method),
                "Use %s.".formatted(String.join(" or ", methods)));
    }

    private static String user(Optional<String> header) {
        return header.map(name -> {
                    if (!name.matches("[A-Za-z0-9._@-]{1,64}")) {
                        throw Query.bad(
                                "the header X-Mainstay-User does not hold the name of a user",
                                "Send up to 64 letters, digits, dots, dashes, underscores or @.");
                    }
                    return name;
                })
                .orElse("local");
    }

    private static byte[] body(ServerRequest request) {
        if (request.headers().contentLength().orElse(0) > ManifestReader.MAX_BYTES) {
            throw tooLarge();
        }
        try (var input = request.content().inputStream()) {
            var bytes = input.readNBytes(ManifestReader.MAX_BYTES + 1);
            if (bytes.length > ManifestReader.MAX_BYTES) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException | DataReader.InsufficientDataAvailableException gone) {
            throw new CloseConnectionException("the body ended too early", gone);
        }
    }

    private static Unroutable tooLarge() {
        return new Unroutable(413, "the body is larger than 1 MiB", "Split the manifest into several.");
    }

    private void follow(String after, ServerResponse response) throws InterruptedException {
        response.header(HeaderValues.create("Content-Type", STREAM));
        response.header(HeaderValues.create("Cache-Control", "no-store"));
        try (var output = response.outputStream()) {
            stream.write(after, output);
        } catch (IOException gone) {
            LOG.debug("a client left the stream of facts: {}", gone.getMessage());
        }
    }

    private static void send(ServerResponse response, int status, String json) {
        response.status(Status.create(status)).header(JSON).send(json);
    }

    /// One line about a client that does not speak as it should; not many of them.
    void logBadClient(String format, Object... arguments) {
        badClients
                .admit()
                .ifPresent(skipped -> LOG.info(
                        "{}{}",
                        format.formatted(arguments),
                        skipped == 0 ? "" : " (%d more like it were not logged)".formatted(skipped)));
    }

    /// The answer to what is no request.
    String notHttp(String message) {
        return error(Query.bad(
                "this is not a request that can be understood: %s".formatted(oneLine(message)),
                "Send HTTP/1.1 with a request line and headers of at most 8 KiB."));
    }

    private String error(ClusterException refused) {
        return jsonb.toJson(new ErrorView(
                refused.code().code(),
                refused.getMessage() == null ? "" : refused.getMessage(),
                refused.advice(),
                refused.problems()));
    }

    /// A text of a client as it may stand in a log line.
    static String oneLine(String text) {
        var clean = text.replaceAll("\\p{Cntrl}", "?").replace('"', '\'');
        return clean.length() <= LONGEST_LOGGED ? clean : clean.substring(0, LONGEST_LOGGED) + "...";
    }

    /// A request that no route answers; becomes its HTTP status at once.
    private static final class Unroutable extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final String what;
        private final String advice;

        Unroutable(int status, String message, String advice) {
            super(message);
            this.status = status;
            this.what = message;
            this.advice = advice;
        }
    }
}
