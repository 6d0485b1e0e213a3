package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.ErrorView;
import dev.mainstay.api.EventView;
import dev.mainstay.service.control.RecentAnswers;
import dev.mainstay.service.control.RequestId;
import dev.mainstay.service.manifest.Spelling;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the route of a request and writes its answer, or the reason why there is none.
final class Answers implements AutoCloseable {
    static final String JSON = "application/json; charset=utf-8";
    static final String PROBLEM = ErrorView.MEDIA_TYPE + "; charset=utf-8";

    /// Says how many changing requests are remembered, so that repeating one is safe.
    static final String WINDOW = "Idempotency-Window";

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String STREAM = "text/event-stream";

    /// Text of a client that is repeated in a log line is cut here.
    private static final int LONGEST_LOGGED = 200;

    private final List<Route> routes;
    private final Jsonb jsonb;
    private final EventStream stream;
    private final LongSupplier configRevision;
    private final Repeats repeats;
    private final boolean mayRunCode;
    private final RateLimit badClients = new RateLimit(System::nanoTime);
    private final RateLimit bugs = new RateLimit(System::nanoTime);

    /// Volatile: set by whoever closes, read by each stream.
    private volatile boolean closing;

    /// @param mayRunCode whether whoever asks here is the user of the cluster service
    Answers(
            List<Route> routes,
            Jsonb jsonb,
            Facts journal,
            JsonType<EventView> facts,
            LongSupplier configRevision,
            Repeats repeats,
            boolean mayRunCode) {
        this.mayRunCode = mayRunCode;
        this.routes = List.copyOf(routes);
        this.jsonb = jsonb;
        this.configRevision = configRevision;
        this.repeats = repeats;
        this.stream = new EventStream(journal, facts, () -> closing);
    }

    @Override
    public void close() {
        closing = true;
    }

    /// Answers one request.
    ///
    /// **Errors:** `IOException` when the client is gone.
    void answer(Exchange exchange) throws IOException, InterruptedException {
        var connection = exchange.connection();
        var head = exchange.head();
        try {
            var route = route(head);
            // What is shown may be newer than its version, never older; what was changed has the version after it.
            var before = Call.etag(configRevision.getAsLong());
            var reply = reply(exchange, route);
            var version = route.reads() ? before : Call.etag(configRevision.getAsLong());
            switch (reply) {
                case Reply.Json json -> connection.send(json.status(), JSON, json.text(), headers(route, version));
                case Reply.Text(var contentType, var text) ->
                    connection.send(200, contentType, text, headers(route, version));
                case Reply.Stream from -> {
                    try (var output = connection.stream(STREAM)) {
                        stream.write(from.after(), output);
                    }
                }
            }
        } catch (ClusterException refused) {
            send(refused, refused.code().httpStatus(), Map.of(), connection);
        } catch (HttpError refused) {
            send(problem(refused), refused.status(), refused.headers(), connection);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } catch (RuntimeException | StackOverflowError bug) {
            bugs.admit()
                    .ifPresent(skipped -> LOG.error(
                            "API request failed: method={} path={}{}",
                            head.method(),
                            oneLine(head.path()),
                            more(skipped),
                            bug));
            var told = new ClusterException(
                    ErrorCode.INTERNAL,
                    "the request failed by a bug: %s".formatted(oneLine(String.valueOf(bug))),
                    "Report it with the log of the cluster service.");
            send(told, 500, Map.of(), connection);
        }
    }

    private static Map<String, String> headers(Route route, String version) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Cache-Control", "no-store");
        headers.put("ETag", version);
        if (!route.reads()) {
            headers.put(WINDOW, Integer.toString(RecentAnswers.LIMIT));
        }
        return headers;
    }

    private Route route(HttpHead head) {
        var segments = segments(head.path());
        var alternatives = routes.stream()
                .filter(route -> route.match(segments).isPresent())
                .toList();
        return alternatives.stream()
                .filter(one -> one.method().equals(head.method()))
                .findFirst()
                .orElseThrow(() -> alternatives.isEmpty() ? unknownPath(head) : unknownMethod(head, alternatives));
    }

    private Reply reply(Exchange exchange, Route route) throws InterruptedException {
        var head = exchange.head();
        var call = call(exchange, route);
        if (route.reads() || call.query().text("dryRun").filter("true"::equals).isPresent()) {
            return route.answering().answer(call);
        }
        call.requireConfigRevision(configRevision.getAsLong());
        var identity = call.identity();
        return head.one("idempotency-key").isEmpty()
                ? route.answering().answer(call)
                : repeats.once(
                        RequestId.of(identity.kernelUser(), identity.key(), 0, ""),
                        RequestId.digest(identity.content()),
                        () -> route.answering().answer(call));
    }

    private Call call(Exchange exchange, Route route) {
        var head = exchange.head();
        var query = Query.of(HttpHead.utf8(head.query()), route.parameters());
        var key = head.one("idempotency-key");
        key.filter(text -> !text.matches("[A-Za-z0-9._:/+=\"-]{1,128}")).ifPresent(_ -> {
            throw new HttpError(
                    400,
                    "the header Idempotency-Key holds no key",
                    "Send 1 to 128 letters, digits or . _ : / + = -, such as a UUID.");
        });
        var body = key.isPresent() && route.body() != Route.Body.NONE ? read(exchange) : null;
        var content = "%s %s %s %s"
                .formatted(
                        head.method(),
                        head.path(),
                        query.withoutWait(),
                        body == null ? "" : new String(body, StandardCharsets.ISO_8859_1));
        var user = exchange.connection().user();
        return new Call(
                route.match(segments(head.path())).orElseThrow(),
                query,
                user(user, head.one("x-mainstay-user")),
                mayRunCode,
                head.one("accept").orElse("").contains(STREAM),
                head.one("last-event-id").map(HttpHead::utf8),
                new Call.Identity(user, key.orElseGet(() -> UUID.randomUUID().toString()), content, 1),
                ifMatch(head),
                exchange.connection()::isShut,
                () -> body == null ? read(exchange) : body);
    }

    private static byte[] read(Exchange exchange) {
        try {
            return exchange.body().read();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// The configuration that a changing request is meant for.
    private static OptionalLong ifMatch(HttpHead head) {
        var given = head.one("if-match");
        if (given.isEmpty() || given.get().equals("*")) {
            return OptionalLong.empty();
        }
        if (!given.get().matches("\"c[0-9]{1,18}\"")) {
            // Some other version than any of ours, so it does not match.
            return OptionalLong.of(Long.MAX_VALUE);
        }
        return OptionalLong.of(
                Long.parseLong(given.get().substring(2, given.get().length() - 1)));
    }

    /// The parts of a path, each decoded by itself, so that an encoded slash divides nothing.
    private static List<String> segments(String path) {
        return Route.split(path).stream().map(Answers::decoded).toList();
    }

    private static String decoded(String segment) {
        var bytes = new java.io.ByteArrayOutputStream();
        for (var at = 0; at < segment.length(); at++) {
            var one = segment.charAt(at);
            if (one == '%') {
                var code = segment.substring(at + 1, Math.min(at + 3, segment.length()));
                if (!code.matches("[0-9a-fA-F]{2}")) {
                    throw badPath();
                }
                bytes.write(Integer.parseInt(code, 16));
                at += 2;
            } else {
                bytes.write(one);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw badPath();
        }
    }

    private static HttpError badPath() {
        return new HttpError(
                400,
                "the path is not well encoded",
                "Write a percent sign and two hexadecimal digits for each byte of UTF-8 text.");
    }

    private HttpError unknownPath(HttpHead head) {
        var paths = routes.stream().map(Route::written).distinct().toList();
        var path = oneLine(head.path());
        return new HttpError(404, "the path '%s' does not exist".formatted(path), Spelling.advice(path, paths));
    }

    private static HttpError unknownMethod(HttpHead head, List<Route> alternatives) {
        var methods = alternatives.stream().map(Route::method).toList();
        return new HttpError(
                405,
                ErrorCode.BAD_INPUT,
                "%s is not possible on this path".formatted(head.method()),
                "Use %s.".formatted(String.join(" or ", methods)),
                Map.of("Allow", String.join(", ", methods)));
    }

    /// Who asks: the kernel knows it; a name in a header is a claim, and shown as one.
    private static String user(String kernelUser, Optional<String> header) {
        header.filter(name -> !name.matches("[A-Za-z0-9._@-]{1,64}")).ifPresent(_ -> {
            throw Query.bad(
                    "the header X-Mainstay-User does not hold the name of a user",
                    "Send up to 64 letters, digits, dots, dashes, underscores or @.");
        });
        return header.filter(name -> !name.equals(kernelUser))
                .map(name -> "%s (who claims to be '%s')".formatted(kernelUser, name))
                .orElse(kernelUser);
    }

    /// Tells a client why its connection ends.
    void refuse(HttpError refused, Connection connection) throws IOException {
        logBadClient("API request refused: reason=\"%s\"", oneLine(refused.what()));
        var headers = new LinkedHashMap<>(refused.headers());
        headers.put("Connection", "close");
        send(problem(refused), refused.status(), headers, connection);
    }

    /// A client ended its connection in the middle of something.
    void left(IOException gone) {
        logBadClient("API client left: reason=\"%s\"", oneLine(gone.toString()));
    }

    private static ClusterException problem(HttpError refused) {
        return new ClusterException(refused.code(), refused.what(), refused.advice());
    }

    private void send(ClusterException refused, int status, Map<String, String> headers, Connection connection)
            throws IOException {
        var all = new LinkedHashMap<>(headers);
        all.put("Cache-Control", "no-store");
        connection.send(status, PROBLEM, jsonb.toJson(ErrorView.of(refused, status)), all);
    }

    /// One line about a client that does not speak as it should; not many of them.
    private void logBadClient(String format, Object... arguments) {
        badClients.admit().ifPresent(skipped -> LOG.info("{}{}", format.formatted(arguments), more(skipped)));
    }

    private static String more(long skipped) {
        return skipped == 0 ? "" : " (%d more like it were not logged)".formatted(skipped);
    }

    /// A text of a client as it may stand in a log line.
    static String oneLine(String text) {
        var clean = text.replaceAll("\\p{Cntrl}", "?").replace('"', '\'');
        return clean.length() <= LONGEST_LOGGED ? clean : clean.substring(0, LONGEST_LOGGED) + "...";
    }
}
