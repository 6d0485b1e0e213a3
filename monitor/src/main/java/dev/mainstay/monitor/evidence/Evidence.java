package dev.mainstay.monitor.evidence;

import dev.mainstay.monitor.host.Incident;
import dev.mainstay.monitor.link.OwnLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Collects the evidence of one incident and writes it down.
///
/// **Threads:** [#collect] on a thread of its own, which may hang with whatever it looks at; [#file] from
/// anywhere.
public final class Evidence {
    private final Findings findings;
    private final Path folder;
    // Written by the collecting thread, read by whoever waits for it.
    private volatile Optional<Path> file = Optional.empty();

    /// @param folder the folder of all evidence of this node
    public Evidence(Incident incident, String monitor, Path folder, Surroundings surroundings) {
        this.findings = new Findings(incident, monitor, surroundings);
        this.folder = folder;
    }

    /// The file, once something stands in it.
    public Optional<Path> file() {
        return file;
    }

    /// Finds out what can be found out; a part that fails does not stop the others.
    public void collect() {
        OwnLog.line(
                Level.ERROR,
                "",
                findings.incident().summary() + ". The monitor ends, the next one adopts its resources.");
        try (var written = EvidenceFile.begin(folder, Instant.now(), words())) {
            for (var part : findings.parts()) {
                written.write("== %s ==%n".formatted(part.title()));
                file = Optional.of(written.path());
                written.write(String.join("\n", lines(part)) + "\n\n");
            }
        } catch (IOException | RuntimeException e) {
            OwnLog.line(Level.ERROR, "", "the evidence cannot be written to %s: %s".formatted(folder, e));
            tellLog();
        }
    }

    /// Looks at everything and keeps nothing of it: what this needs of the JVM is loaded now, not in trouble, when
    /// a node may lack the memory or the time for it.
    public void rehearse() {
        findings.parts().forEach(Evidence::lines);
    }

    /// Without a disk for evidence the log may still take the first parts of it.
    private void tellLog() {
        findings.parts().stream()
                .limit(2)
                .forEach(part -> OwnLog.line(Level.ERROR, "", part.title() + ":\n" + String.join("\n", lines(part))));
    }

    private List<String> words() {
        return switch (findings.incident()) {
            case Incident.Overdue(var culprit, var _, var _) -> {
                var call = culprit.call();
                yield List.of(
                        findings.monitor(), call.resource().isEmpty() ? call.type() : call.resource(), call.name());
            }
            case Incident.Exit(var culprit, var thread, var _, var _) ->
                List.of(
                        findings.monitor(),
                        culprit.map(call -> call.resource().isEmpty() ? call.type() : call.resource())
                                .orElse(thread),
                        "exit");
            case Incident.Bug(var resource, var _) -> List.of(findings.monitor(), resource, "bug");
        };
    }

    private static List<String> lines(Findings.Part part) {
        try {
            var found = part.lines().find();
            return found.isEmpty() ? List.of("none") : found;
        } catch (IOException | RuntimeException e) {
            return List.of("could not be found out: " + e);
        }
    }
}
