package dev.mainstay.types.check;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// One way of asking a program whether it serves.
public sealed interface Check permits NamedCheck, Check.OfServer, Check.Run {
    /// Who is asked, in words that stay the same from one asking to the next.
    String target();

    /// Asks once.
    ///
    /// **Time:** about `limit`, but for the lookup of a name; [NamedCheck] limits that too.
    Answer ask(Duration limit) throws InterruptedException;

    /// Asks a server.
    sealed interface OfServer extends Check permits HttpCheck, Tcp {
        /// Its name or address.
        String server();

        /// Asks it at the first of these addresses that accepts a connection.
        ///
        /// **Time:** `limit`, whatever the server sends.
        Answer askAt(List<InetAddress> addresses, Duration limit);

        @Override
        default Answer ask(Duration limit) {
            try {
                return askAt(List.of(InetAddress.getAllByName(server())), limit);
            } catch (IOException e) {
                return Answer.of(e, limit);
            }
        }
    }

    /// What came of asking; `why` reads well behind the target.
    sealed interface Answer {
        /// It serves.
        record Healthy() implements Answer {}

        /// It answered that it does not, or refused to talk.
        record Unhealthy(String why) implements Answer {}

        /// No answer within the limit.
        record TimedOut(String why) implements Answer {}

        /// What came, as it reads behind the target.
        default String words() {
            return switch (this) {
                case Healthy _ -> "it serves";
                case Unhealthy(var why) -> why;
                case TimedOut(var why) -> why;
            };
        }

        /// What an exception on the way to an answer means, without what the target says already.
        static Answer of(IOException e, Duration limit) {
            var said = String.valueOf(e.getMessage());
            return switch (e) {
                case InterruptedIOException _ -> noneWithin(limit);
                case ConnectException _
                when said.toLowerCase(Locale.ROOT).contains("refused") -> new Unhealthy("connection refused");
                case ConnectException _ when said.toLowerCase(Locale.ROOT).contains("timed out") -> noneWithin(limit);
                case UnknownHostException _ -> new Unhealthy("its name cannot be resolved (%s)".formatted(said));
                case NoRouteToHostException _ -> new Unhealthy("no route to it (%s)".formatted(said));
                case SSLException _ -> new Unhealthy("TLS: " + said);
                case HttpAnswer.Odd _ -> new Unhealthy(said);
                default -> new Unhealthy("the connection broke (%s)".formatted(said));
            };
        }

        /// No answer, and no more is known.
        static TimedOut noneWithin(Duration limit) {
            return new TimedOut("no answer within %d ms".formatted(limit.toMillis()));
        }
    }

    /// Opens a connection and closes it.
    record Tcp(String name, int port) implements OfServer {
        private static final int PORT_MAX = 65_535;
        private static final Pattern SERVER = Pattern.compile("\\[([^\\[\\]/@\\s]+)]|[^\\[\\]/@\\s]+");

        /// Reads `host:port`, the value of `property`.
        static Check of(String resource, String property, String text) throws ResourceFailure {
            var colon = text.lastIndexOf(':');
            try {
                var port = Integer.parseInt(text.substring(colon + 1));
                var server = colon > 0 ? SERVER.matcher(text.substring(0, colon)) : SERVER.matcher("");
                if (server.matches() && port > 0 && port <= PORT_MAX) {
                    return new Tcp(server.group(1) == null ? server.group() : server.group(1), port);
                }
            } catch (NumberFormatException notPort) {
                throw notAddress(resource, property, text, notPort);
            }
            throw notAddress(
                    resource, property, text, new IllegalArgumentException("port 1 to 65535 behind a colon expected"));
        }

        private static ResourceFailure notAddress(String resource, String property, String text, Exception cause) {
            return new LastingFailure(
                    "reading %s of '%s': '%s' is not host:port (%s). Write 127.0.0.1:5432, for example"
                            .formatted(property, resource, text, cause.getMessage()),
                    cause);
        }

        @Override
        public String target() {
            return name + ":" + port;
        }

        @Override
        public String server() {
            return name;
        }

        @Override
        public Answer askAt(List<InetAddress> addresses, Duration limit) {
            return Connection.use(addresses, port, limit, _ -> new Answer.Healthy());
        }
    }

    /// Runs a command to its end.
    record Run(Processes processes, Command command) implements Check {
        private static final int EVIDENCE_MAX = 500;

        @Override
        public String target() {
            return "'" + command.line().getFirst() + "'";
        }

        @Override
        public Answer ask(Duration limit) throws InterruptedException {
            try {
                var finished = processes.run(command, limit);
                if (finished.timedOut()) {
                    return Answer.noneWithin(limit);
                }
                return finished.exitCode() == 0
                        ? new Answer.Healthy()
                        : new Answer.Unhealthy(
                                "exit code %d: %s".formatted(finished.exitCode(), end(finished.output())));
            } catch (ResourceFailure e) {
                return new Answer.Unhealthy("cannot be run: " + e.getMessage());
            }
        }

        private static String end(String output) {
            var text = output.strip();
            return text.substring(Math.max(0, text.length() - EVIDENCE_MAX));
        }
    }
}
