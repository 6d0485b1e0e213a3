package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection to one monitor that was let in.
///
/// **Threads:** [#send] from any, never blocks; [#serve] on one thread until the connection ends.
final class MonitorLink implements AutoCloseable {
    /// Orders that may wait for a monitor: three for each of the ten thousand resources a monitor may host.
    static final int QUEUE_LIMIT = 32_768;

    private static final Logger LOG = LoggerFactory.getLogger(MonitorLink.class);

    private final String monitor;
    private final boolean fresh;
    private final SocketChannel channel;
    private final BlockingQueue<ToMonitor> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    // By the thread that serves.
    private boolean told;

    /// Hears what a monitor says when it cannot go on, on the thread that serves.
    interface LastWords {
        /// It is about to end, because of `why`, and gathers its evidence before.
        void doomed(String why);

        /// A call does not return, or ended the process: the monitor is of no use any more.
        void declared(Deadlocked what);
    }

    /// @param fresh see [MonitorListener#attached]
    MonitorLink(String monitor, boolean fresh, SocketChannel channel) {
        this.monitor = monitor;
        this.fresh = fresh;
        this.channel = channel;
    }

    /// Queues a message; a monitor that lets the queue fill up is cut off.
    void send(ToMonitor message) {
        if (!queue.offer(message)) {
            LOG.warn(
                    "send to monitor '{}': {} messages wait already and it takes none. It is replaced.",
                    monitor,
                    QUEUE_LIMIT);
            close();
        }
    }

    /// Passes on what the monitor says until the connection ends; then closes it.
    void serve(MonitorListener listener, Questions questions, LastWords lastWords) {
        var writer = Thread.ofVirtual().name("monitor-" + monitor + "-writer").start(this::write);
        var frames = new Frames.Reader(channel);
        try {
            while (true) {
                pass(frames.read(ToService.class), listener, questions, lastWords);
            }
        } catch (MalformedException e) {
            LOG.warn("read from monitor '{}': {}. The connection is closed.", monitor, e.getMessage());
        } catch (EOFException | AsynchronousCloseException ended) {
            LOG.debug("the connection to monitor '{}' ended: {}", monitor, ended.toString());
        } catch (IOException e) {
            LOG.warn("read from monitor '{}': {}. The connection is closed.", monitor, e.getMessage());
        } finally {
            writer.interrupt();
            close();
        }
    }

    private void pass(ToService message, MonitorListener listener, Questions questions, LastWords lastWords)
            throws MalformedException {
        switch (message) {
            case ToService.Inventory inventory -> {
                if (told) {
                    listener.told(monitor, inventory);
                } else {
                    told = true;
                    listener.attached(monitor, fresh, inventory);
                }
            }
            case ToService.Report(var held) -> listener.reported(monitor, held);
            case ToService.Closed(var resource) -> listener.closed(monitor, resource);
            case ToService.LogLine line -> log(line);
            case ToService.ControlDone done -> noteUnless(questions.answered(done), message);
            case ToService.ControlExtended(var id, var limitMillis) ->
                questions.extended(id, Duration.ofMillis(limitMillis));
            case ToService.Measures measures -> noteUnless(questions.answered(measures), message);
            case ToService.Query query -> listener.queried(monitor, query);
            case ToService.Doomed(var why) -> lastWords.doomed(why);
            case Deadlocked deadlocked -> lastWords.declared(deadlocked);
            case ToService.Hello _ -> throw new MalformedException("a second Hello on one connection");
        }
    }

    /// An answer after its time is no trouble.
    private void noteUnless(boolean awaited, ToService message) {
        if (!awaited) {
            LOG.debug("monitor '{}' answered what nobody waits for any more: {}", monitor, message);
        }
    }

    private void log(ToService.LogLine line) {
        var text = line.resource().isEmpty()
                ? "monitor '%s': %s".formatted(monitor, line.text())
                : "monitor '%s', resource '%s': %s".formatted(monitor, line.resource(), line.text());
        switch (line.level()) {
            case "ERROR" -> LOG.error("{}", text);
            case "WARNING" -> LOG.warn("{}", text);
            case "INFO" -> LOG.info("{}", text);
            default -> LOG.debug("{}", text);
        }
    }

    private void write() {
        var frames = new Frames.Writer(channel, ToMonitor.class);
        try {
            while (channel.isOpen()) {
                for (var message = queue.take(); message != null; message = queue.poll()) {
                    frames.add(message);
                }
                frames.flush();
            }
        } catch (InterruptedException ended) {
            LOG.debug("the writer of monitor '{}' ends", monitor);
        } catch (IOException e) {
            LOG.debug("write to monitor '{}': {}", monitor, e.toString());
            close();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close the connection to monitor '{}': {}", monitor, e.toString());
        }
    }
}
