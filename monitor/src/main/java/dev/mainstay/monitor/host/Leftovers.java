package dev.mainstay.monitor.host;

import dev.mainstay.monitor.record.LocalRecord;
import dev.mainstay.monitor.record.Records;
import dev.mainstay.monitor.step.Phase;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.AdoptionRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the monitor before this one recorded and what nobody has opened yet.
///
/// **Threads:** one at a time.
final class Leftovers {
    private final Map<String, Records.Found> found = new TreeMap<>();

    /// One resource's part of it.
    record Leftover(Phase.Leftover kind, long sequence, long epoch, long attempt, Optional<AdoptionRecord> adoption) {
        static final Leftover NOTHING = new Leftover(Phase.Leftover.NOTHING, 0, 0, 0, Optional.empty());
    }

    Leftovers(Records records, Voice voice) throws IOException {
        for (var one : records.load()) {
            found.put(one.resource(), one);
            if (one.record().isEmpty()) {
                voice.log(
                        Level.WARNING,
                        one.resource(),
                        "the adoption record cannot be read: %s. What is left of the resource will be terminated."
                                .formatted(one.trouble()));
            }
        }
    }

    /// Takes what is known of a resource that is opened now.
    Leftover take(String resource) {
        var one = found.remove(resource);
        if (one == null) {
            return Leftover.NOTHING;
        }
        return one.record()
                .map(Leftovers::of)
                .orElse(new Leftover(Phase.Leftover.UNREADABLE, 0, 0, 0, Optional.empty()));
    }

    private static Leftover of(LocalRecord record) {
        var adoption = record.adoptable();
        var kind = switch (record.state()) {
            case ONLINE -> Phase.Leftover.RUNNING;
            case ONLINE_PENDING -> Phase.Leftover.STARTING;
            case OFFLINE_PENDING -> Phase.Leftover.STOPPING;
            case INITIALIZING, OFFLINE, FAILED -> Phase.Leftover.UNREADABLE;
        };
        return new Leftover(kind, record.sequence(), record.epoch(), record.attempt(), adoption);
    }

    /// The settings of what nobody opened, as far as they are known.
    List<ResourceSpec> unopened() {
        return found.values().stream()
                .flatMap(one -> one.record().stream())
                .map(LocalRecord::spec)
                .toList();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /// Takes the names of what nobody opened and of which nothing but the name is known.
    List<String> takeUnreadable() {
        var names = found.values().stream()
                .filter(one -> one.record().isEmpty())
                .map(Records.Found::resource)
                .toList();
        names.forEach(found::remove);
        return names;
    }
}
