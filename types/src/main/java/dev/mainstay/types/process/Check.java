package dev.mainstay.types.process;

import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/// One way of asking a program whether it serves.
sealed interface Check {
    /// Who is asked, in words that stay the same from one asking to the next.
    String target();

    /// Asks once.
    ///
    /// **Time:** about `limit`.
    Answer ask(Duration limit) throws InterruptedException;

    /// What came of asking; `why` reads well behind the target.
    sealed interface Answer {
        /// It serves.
        record Healthy() implements Answer {}

        /// It answered that it does not, or refused to talk.
        record Unhealthy(String why) implements Answer {}

        /// No answer within the limit.
        record TimedOut(String why) implements Answer {}

        private static TimedOut noneWithin(Duration limit) {
            return new TimedOut("no answer within %d ms".formatted(limit.toMillis()));
        }
    }

    /// The kernel's words for a connection that cannot be made, without what the target says already.
    private static String refusal(IOException e) {
        return e instanceof ConnectException
                        && String.valueOf(e.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains("refused")
                ? "connection refused"
                : String.valueOf(e.getMessage());
    }

    /// Asks for a page; the JDK's old client loads fewer classes than the new one, which counts after a restart.
    record Http(URI uri) implements Check {
        private static final int OK = 200;
        private static final int CLIENT_ERROR = 400;

        @Override
        public String target() {
            return uri.toString();
        }

        @Override
        public Answer ask(Duration limit) {
            try {
                var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout((int) limit.toMillis());
                connection.setReadTimeout((int) limit.toMillis());
                connection.setInstanceFollowRedirects(false);
                connection.setUseCaches(false);
                connection.setRequestProperty("User-Agent", "mainstay-check");
                connection.setRequestProperty("Connection", "close");
                try {
                    var status = connection.getResponseCode();
                    return status >= OK && status < CLIENT_ERROR
                            ? new Answer.Healthy()
                            : new Answer.Unhealthy("status " + status);
                } finally {
                    connection.disconnect();
                }
            } catch (InterruptedIOException late) {
                return Answer.noneWithin(limit);
            } catch (IOException e) {
                return new Answer.Unhealthy(refusal(e));
            }
        }
    }

    /// Opens a connection and closes it.
    record Tcp(String host, int port) implements Check {
        @Override
        public String target() {
            return host + ":" + port;
        }

        @Override
        public Answer ask(Duration limit) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
                return new Answer.Healthy();
            } catch (InterruptedIOException late) {
                return Answer.noneWithin(limit);
            } catch (IOException e) {
                return new Answer.Unhealthy(refusal(e));
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
