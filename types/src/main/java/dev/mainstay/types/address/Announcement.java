package dev.mainstay.types.address;

import dev.mainstay.linux.NeighbourSocket;
import dev.mainstay.spi.ResourceContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Tells the neighbours several times that the address is here now; a single message may be lost.
final class Announcement {
    private final Thread worker;

    private Announcement(Thread worker) {
        this.worker = worker;
    }

    /// Tells them for the first time at once, and goes on in the background.
    static Announcement begin(ResourceContext context, NeighbourSocket neighbours) throws IOException {
        long times = context.properties().integer("announcements");
        var pause = context.properties().duration("announcementInterval");
        if (times > 0) {
            neighbours.announce();
        }
        return new Announcement(Thread.ofVirtual()
                .name(context.resource() + " announcement")
                .start(() -> repeat(context, neighbours, times - 1, pause)));
    }

    void end() {
        worker.interrupt();
    }

    private static void repeat(ResourceContext context, NeighbourSocket neighbours, long times, Duration pause) {
        try (neighbours) {
            for (long i = 0; i < times; i++) {
                Thread.sleep(pause);
                neighbours.announce();
            }
        } catch (IOException e) {
            context.logger().log(Level.WARNING, "announcing the address failed: {0}", e.getMessage());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
