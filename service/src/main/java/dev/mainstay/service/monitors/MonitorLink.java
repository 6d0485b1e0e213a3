package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.ProtocolVersion;
import dev.mainstay.protocol.Silence;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private final int version;
    private final Silence silence;
    private final BlockingQueue<ToMonitor> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    // By the thread that serves.
    private boolean told;
    private final List<ToService.InventoryPart> parts = new ArrayList<>();

    /// Hears what a monitor says when it cannot go on, on the thread that serves.
    interface LastWords {
        /// It is about to end, because of `why`, and gathers its evidence before.
        void doomed(String why);

        /// A call does not return, or ended the process: the monitor is of no use any more.
        void declared(Deadlocked what);
    }

    /// @param fresh see [MonitorListener#attached]
    MonitorLink(String monitor, boolean fresh, SocketChannel channel, int version, Silence.Rule rule) {
        this.monitor = monitor;
        this.fresh = fresh;
        this.channel = channel;
        this.version = version;
        this.silence = new Silence(rule, System.nanoTime(), Instant.now());
    }

    /// How long nothing was heard of the monitor.
    Silence silence() {
        return silence;
    }

    /// Asks whether it is there; of a monitor that is too old for it, nothing is asked and nothing expected.
    void beat(long number, Silence.Rule rule) {
        if (version < ProtocolVersion.BEATS) {
            silence.heard(Instant.now());
        } else {
            // A full queue is trouble for the next order, not for a question that comes again.
            var _ = queue.offer(new ToMonitor.Beat(
                    number, rule.period().toMillis(), rule.limit().toMillis()));
        }
    }

    /// Queues a message; a monitor that lets the queue fill up is cut off.
    void send(ToMonitor message) {
        if (!queue.offer(message)) {
            LOG.warn(
                    "send to monitor '{}': {} messages wait already and it takes none. The connection is closed; it"
                            + " may connect again.",
                    monitor,
                    QUEUE_LIMIT);
            close();
        }
    }

    /// Passes on what the monitor says until the connection ends; then closes it.
    ///
    /// @return whether it ended because of something unreadable
    boolean serve(MonitorListener listener, Questions questions, LastWords lastWords) {
        var writer = Thread.ofVirtual().name("monitor-" + monitor + "-writer").start(this::write);
        var frames = new Frames.Reader(channel);
        try {
            while (true) {
                pass(frames.read(ToService.class), listener, questions, lastWords);
            }
        } catch (MalformedException e) {
            LOG.warn("read from monitor '{}': {}. The connection is closed.", monitor, e.getMessage());
            return true;
        } catch (EOFException | AsynchronousCloseException ended) {
            LOG.debug("the connection to monitor '{}' ended: {}", monitor, ended.toString());
        } catch (IOException e) {
            LOG.warn("read from monitor '{}': {}. The connection is closed.", monitor, e.getMessage());
        } finally {
            writer.interrupt();
            close();
        }
        return false;
    }

    private ToService.Inventory whole(ToService.Inventory last) throws MalformedException {
        if (parts.isEmpty()) {
            return last;
        }
        var types = new ArrayList<TypeSpec>();
        var held = new ArrayList<HeldResource>();
        var refused = new ArrayList<String>();
        for (var part : parts) {
            types.addAll(part.types());
            held.addAll(part.held());
            refused.addAll(part.refused());
        }
        parts.clear();
        types.addAll(last.types());
        held.addAll(last.held());
        refused.addAll(last.refused());
        return new ToService.Inventory(types, held, refused);
    }

    private void pass(ToService message, MonitorListener listener, Questions questions, LastWords lastWords)
            throws MalformedException {
        switch (message) {
            case ToService.Beat _ -> silence.heard(Instant.now());
            case ToService.InventoryPart part -> {
                if (parts.size() >= Limits.INVENTORY_PARTS) {
                    throw new MalformedException(
                            "an inventory of more than %d parts".formatted(Limits.INVENTORY_PARTS));
                }
                parts.add(part);
            }
            case ToService.Inventory last -> {
                var inventory = whole(last);
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
                    try {
                        frames.add(message);
                    } catch (IllegalArgumentException tooLarge) {
                        // the limits of what comes in lie below: this is a mistake of ours, and costs one message
                        LOG.error("send to monitor '{}': {}", monitor, tooLarge.getMessage());
                    }
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
