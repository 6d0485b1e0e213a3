package dev.mainstay.types.ocf;

import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;

/// The meta-data of all agents in use; each agent is asked once for as long as its file does not change.
///
/// **Threads:** any; one agent is asked at a time.
final class MetadataCache {
    /// More agents than any distribution has.
    private static final int AGENTS_MAX = 1_000;

    /// Printing a text takes milliseconds; the longest time that an agent of Debian's advises for it is 20 s.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// The largest of Debian's agents prints 13 KiB.
    private static final long BYTES_MAX = 1L << 20;

    /// Standard output alone is the meta-data; what is printed as an error goes to the resource's log.
    private static final String TO_FILE = "exec \"$1\" meta-data >\"$2\"";

    private record Version(FileTime modified, long bytes) {}

    private record Known(Version version, Metadata metadata) {}

    private final Map<Path, Known> known = new LinkedHashMap<>();

    synchronized Metadata of(Agent agent, ResourceContext context) throws ResourceFailure {
        var version = version(agent, context);
        var cached = known.get(agent.file());
        if (cached != null && cached.version().equals(version)) {
            return cached.metadata();
        }
        var metadata = ask(agent, context);
        if (known.size() >= AGENTS_MAX) {
            known.clear();
        }
        known.put(agent.file(), new Known(version, metadata));
        return metadata;
    }

    private static Version version(Agent agent, ResourceContext context) throws ResourceFailure {
        try {
            var file = Files.readAttributes(agent.file(), BasicFileAttributes.class);
            return new Version(file.lastModifiedTime(), file.size());
        } catch (IOException e) {
            throw new ResourceFailure(
                    "opening '%s': agent '%s' cannot be read: %s. Check its file"
                            .formatted(context.resource(), agent, e),
                    e);
        }
    }

    private static Metadata ask(Agent agent, ResourceContext context) throws ResourceFailure {
        var file = context.directory().resolve("meta-data.xml");
        try {
            var environment = new ActionEnvironment(agent, context).plain();
            var command = new Command(
                    List.of("/bin/sh", "-c", TO_FILE, "meta-data", agent.file().toString(), file.toString()),
                    environment,
                    "",
                    context.directory(),
                    Actions.log(context));
            var finished = context.processes().run(command, LIMIT);
            if (finished.timedOut() || finished.exitCode() != 0) {
                throw trouble(agent, context, new Ended("meta-data", 0, LIMIT, finished).words());
            }
            if (Files.size(file) > BYTES_MAX) {
                throw trouble(agent, context, "it printed more than %d bytes".formatted(BYTES_MAX));
            }
            return MetadataReader.read(Files.readString(file));
        } catch (XMLStreamException e) {
            throw trouble(agent, context, "what it printed is not meta-data: " + oneLine(e));
        } catch (IOException e) {
            throw trouble(agent, context, "what it printed cannot be read: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw trouble(agent, context, "it was interrupted");
        }
    }

    private static ResourceFailure trouble(Agent agent, ResourceContext context, String what) {
        return new ResourceFailure("opening '%s': asking agent '%s' for its meta-data: %s. Try '%s meta-data' by hand"
                .formatted(context.resource(), agent, what, agent.file()));
    }

    private static String oneLine(XMLStreamException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
}
