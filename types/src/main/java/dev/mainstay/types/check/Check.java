package dev.mainstay.types.check;

import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// One way of asking a program whether it serves.
public sealed interface Check permits HttpCheck, NamedCheck, Check.Tcp, Check.Run {
    /// Who is asked, in words that stay the same from one asking to the next.
    String target();

    /// The server that is asked, by its name or address; empty when no server is.
    Optional<String> host();

    /// Asks once.
    ///
    /// **Time:** about `limit`, but for the lookup of a name; [NamedCheck] limits that too.
    Answer ask(Duration limit) throws InterruptedException;

    /// What came of asking; `why` reads well behind the target.
    sealed interface Answer {
        /// It serves.
        record Healthy() implements Answer {}

        /// It answered that it does not, or refused to talk.
        record Unhealthy(String why) implements Answer {}

        /// No answer within the limit.
        record TimedOut(String why) implements Answer {}

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
                default -> new Unhealthy(said);
            };
        }

        /// No answer, and no more is known.
        static TimedOut noneWithin(Duration limit) {
            return new TimedOut("no answer within %d ms".formatted(limit.toMillis()));
        }
    }

    /// Opens a connection and closes it.
    record Tcp(String name, int port) implements Check {
        private static final int PORT_MAX = 65_535;

        /// Reads `host:port`, the value of `property`.
        static Check of(String resource, String property, String text) throws ResourceFailure {
            var colon = text.lastIndexOf(':');
            try {
                var port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port > 0 && port <= PORT_MAX) {
                    return new Tcp(text.substring(0, colon).replace("[", "").replace("]", ""), port);
                }
            } catch (NumberFormatException notPort) {
                throw notAddress(resource, property, text, notPort);
            }
            throw notAddress(
                    resource, property, text, new IllegalArgumentException("port 1 to 65535 behind a colon expected"));
        }

        private static ResourceFailure notAddress(String resource, String property, String text, Exception cause) {
            return new ResourceFailure(
                    "reading %s of '%s': '%s' is not host:port (%s). Write 127.0.0.1:5432, for example"
                            .formatted(property, resource, text, cause.getMessage()),
                    cause);
        }

        @Override
        public String target() {
            return name + ":" + port;
        }

        @Override
        public Optional<String> host() {
            return Optional.of(name);
        }

        @Override
        public Answer ask(Duration limit) {
            try (var socket = new Socket()) {
                var address = new InetSocketAddress(name, port);
                if (address.isUnresolved()) {
                    throw new UnknownHostException(name);
                }
                socket.connect(address, (int) limit.toMillis());
                return new Answer.Healthy();
            } catch (IOException e) {
                return Answer.of(e, limit);
            }
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
        public Optional<String> host() {
            return Optional.empty();
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
