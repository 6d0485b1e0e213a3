package dev.mainstay.monitor.host;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.record.LocalRecord;
import dev.mainstay.monitor.record.Records;
import dev.mainstay.monitor.step.Phase;
import dev.mainstay.spi.AdoptionRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What monitors before this one recorded: of whatever the service opens here, and of what carries this monitor's
/// name and nobody opens.
///
/// **Threads:** one at a time.
final class Leftovers {
    private final Records records;
    private final String monitor;
    private final Voice voice;

    /// One resource's part of it.
    ///
    /// @param record as it is on the disk, if it can be read
    record Leftover(Phase.Leftover kind, long sequence, Optional<LocalRecord> record) {
        static final Leftover NOTHING = new Leftover(Phase.Leftover.NOTHING, 0, Optional.empty());

        long epoch() {
            return record.map(LocalRecord::epoch).orElse(0L);
        }

        long attempt() {
            return record.map(LocalRecord::attempt).orElse(0L);
        }

        long onlineSince() {
            return kind == Phase.Leftover.RUNNING
                    ? record.map(LocalRecord::onlineSince).orElse(0L)
                    : 0;
        }

        Optional<AdoptionRecord> adoption() {
            return record.flatMap(LocalRecord::adoptable);
        }

        /// This leftover, to be ended instead of adopted.
        Leftover condemned() {
            return new Leftover(Phase.Leftover.CONDEMNED, sequence, record);
        }

        /// This leftover, reported above `floor`: the clock may have been set back since.
        Leftover above(long floor) {
            return new Leftover(kind, Math.max(sequence, floor), record);
        }

        /// Whether more may be left than processes, such as a mount, an address or a unit, which only the type can
        /// end. Nothing of that kind outlives its kernel.
        boolean onlyTheTypeEndsIt() {
            return switch (kind) {
                case NOTHING, REBOOTED -> false;
                case RUNNING, STARTING, STOPPING, UNREADABLE, CONDEMNED ->
                    adoption().map(one -> !one.own().isEmpty()).orElse(true);
            };
        }

        /// Whether what runs of it is ended before it is opened.
        boolean endFirst() {
            return kind == Phase.Leftover.UNREADABLE || kind == Phase.Leftover.CONDEMNED;
        }
    }

    Leftovers(Records records, String monitor, Voice voice) {
        this.records = records;
        this.monitor = monitor;
        this.voice = voice;
    }

    /// Takes over what is known of a resource that has been claimed, whichever monitor recorded it.
    Leftover take(String resource) {
        return records.find(resource).map(this::taken).orElse(Leftover.NOTHING);
    }

    private Leftover taken(Records.Found one) {
        if (one.record().isEmpty()) {
            voice.log(
                    Level.WARNING,
                    one.resource(),
                    "the adoption record cannot be read: %s. What is left of the resource will be terminated."
                            .formatted(one.trouble()));
            return new Leftover(Phase.Leftover.UNREADABLE, 0, Optional.empty());
        }
        var record = one.record().get();
        return of(record.monitor().equals(monitor) ? record : renamed(record));
    }

    /// From now on it is this monitor that has to end the resource when nobody opens it after a death.
    private LocalRecord renamed(LocalRecord record) {
        var own = record.of(monitor);
        try {
            records.save(own);
            return own;
        } catch (IOException e) {
            voice.log(
                    Level.WARNING,
                    record.spec().resource(),
                    "its adoption record still names monitor '%s': %s. Make room on the disk."
                            .formatted(record.monitor(), e.getMessage()));
            return record;
        }
    }

    private static Leftover of(LocalRecord record) {
        boolean rebooted = record.isBeforeReboot(ProcessTable.bootId());
        var kind = switch (record.state()) {
            case ONLINE -> rebooted ? Phase.Leftover.REBOOTED : Phase.Leftover.RUNNING;
            case ONLINE_PENDING -> rebooted ? Phase.Leftover.REBOOTED : Phase.Leftover.STARTING;
            case OFFLINE_PENDING -> Phase.Leftover.STOPPING;
            case INITIALIZING, OFFLINE, FAILED -> Phase.Leftover.UNREADABLE;
        };
        return new Leftover(kind, record.sequence(), Optional.of(record));
    }

    /// What carries this monitor's name, or none that could be read, and is not hosted by another monitor. All of
    /// it is claimed: the records were read again after that, since another monitor may have taken them meanwhile.
    ///
    /// @param hosted tells what this monitor hosts already
    List<Records.Found> claimUnopened(Predicate<String> hosted) throws IOException {
        return records.load().stream()
                .filter(one -> !hosted.test(one.resource()) && own(one))
                .filter(one -> claim(one.resource()))
                .flatMap(one -> confirmed(one.resource()).stream())
                .toList();
    }

    private boolean own(Records.Found one) {
        return one.record().map(it -> it.monitor().equals(monitor)).orElse(true);
    }

    private Optional<Records.Found> confirmed(String resource) {
        var again = records.find(resource).filter(this::own);
        if (again.isEmpty()) {
            release(resource);
        }
        return again;
    }

    /// Claims a resource for this monitor; false when another one hosts it, or when it cannot be known.
    boolean claim(String resource) {
        try {
            return records.claim(resource);
        } catch (IOException e) {
            voice.log(Level.ERROR, resource, "it cannot be claimed for this monitor: %s. Check the disk.".formatted(e));
            return false;
        }
    }

    /// Lets other monitors host a resource.
    void release(String resource) {
        try {
            records.release(resource);
        } catch (IOException e) {
            voice.log(Level.ERROR, resource, "its claim cannot be given back: %s. Check the disk.".formatted(e));
        }
    }
}
