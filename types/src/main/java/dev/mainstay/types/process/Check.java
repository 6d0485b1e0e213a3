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

/// One way of asking a program whether it serves.
sealed interface Check {
    /// Asks once.
    ///
    /// **Time:** about `limit`.
    Answer ask(Duration limit) throws InterruptedException;

    /// What came of asking.
    sealed interface Answer {
        /// It serves.
        record Healthy() implements Answer {}

        /// It answered that it does not, or refused to talk.
        record Unhealthy(String evidence) implements Answer {}

        /// No answer within the limit.
        record TimedOut(String evidence) implements Answer {}
    }

    /// Asks for a page; the JDK's old client loads fewer classes than the new one, which counts after a restart.
    record Http(URI uri) implements Check {
        private static final int OK = 200;
        private static final int CLIENT_ERROR = 400;

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
                            : new Answer.Unhealthy("%s answers status %d".formatted(uri, status));
                } finally {
                    connection.disconnect();
                }
            } catch (InterruptedIOException late) {
                return new Answer.TimedOut("%s does not answer within %d ms".formatted(uri, limit.toMillis()));
            } catch (IOException e) {
                return new Answer.Unhealthy("%s cannot be asked: %s".formatted(uri, e.getMessage()));
            }
        }
    }

    /// Opens a connection and closes it.
    record Tcp(String host, int port) implements Check {
        @Override
        public Answer ask(Duration limit) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
                return new Answer.Healthy();
            } catch (InterruptedIOException late) {
                return new Answer.TimedOut(
                        "%s:%d accepts no connection within %d ms".formatted(host, port, limit.toMillis()));
            } catch (ConnectException refused) {
                return new Answer.Unhealthy("%s:%d refuses connections".formatted(host, port));
            } catch (IOException e) {
                return new Answer.Unhealthy("%s:%d cannot be reached: %s".formatted(host, port, e.getMessage()));
            }
        }
    }

    /// Runs a command to its end.
    record Run(Processes processes, Command command) implements Check {
        private static final int EVIDENCE_MAX = 500;

        @Override
        public Answer ask(Duration limit) throws InterruptedException {
            var name = command.line().getFirst();
            try {
                var finished = processes.run(command, limit);
                if (finished.timedOut()) {
                    return new Answer.TimedOut("'%s' did not end within %d ms".formatted(name, limit.toMillis()));
                }
                return finished.exitCode() == 0
                        ? new Answer.Healthy()
                        : new Answer.Unhealthy("'%s' ends with exit code %d: %s"
                                .formatted(name, finished.exitCode(), end(finished.output())));
            } catch (ResourceFailure e) {
                return new Answer.Unhealthy("'%s' cannot be run: %s".formatted(name, e.getMessage()));
            }
        }

        private static String end(String output) {
            var text = output.strip();
            return text.substring(Math.max(0, text.length() - EVIDENCE_MAX));
        }
    }
}
