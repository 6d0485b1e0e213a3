package dev.mainstay.monitor.record;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import java.util.List;
import java.util.Optional;

/// What one monitor writes down about a resource for the next monitor.
///
/// @param spec the settings it was opened with
/// @param state its state as last written
/// @param sequence its sequence number then
/// @param epoch the newest epoch seen
/// @param attempt the newest attempt taken
/// @param adoption what proves that it runs: none or one
/// @param monitor the monitor that hosts it, or did when it died
/// @param boot the boot of the machine in which that was; empty where an older version wrote it
/// @param onlineSince since when it has been online, in microseconds since 1970, or 0
public record LocalRecord(
        ResourceSpec spec,
        HeldState state,
        long sequence,
        long epoch,
        long attempt,
        List<Adoption> adoption,
        String monitor,
        String boot,
        long onlineSince) {
    /// Copies the list.
    public LocalRecord {
        adoption = List.copyOf(adoption);
    }

    /// An adoption record in the form it has on disk, which does not change with the contract of resource types.
    public record Adoption(List<ProcessOnDisk> processes, String controlGroup, String own) {}

    /// A process in the form it has on disk.
    public record ProcessOnDisk(long pid, long startTicks, String bootId) {}

    /// This record in the hands of another monitor.
    public LocalRecord of(String other) {
        return new LocalRecord(spec, state, sequence, epoch, attempt, adoption, other, boot, onlineSince);
    }

    /// Whether the machine was started again since: nothing runs any more of what a process proves.
    public boolean isBeforeReboot(String now) {
        var written = boot.isEmpty()
                ? adoption.stream()
                        .flatMap(one -> one.processes().stream())
                        .map(ProcessOnDisk::bootId)
                        .findFirst()
                        .orElse("")
                : boot;
        return !written.isEmpty() && !written.equals(now);
    }

    /// Whether both mean the same to the next monitor: it numbers its reports above those that the service has
    /// seen, whatever the number here.
    public boolean saysTheSameAs(LocalRecord other) {
        return equals(new LocalRecord(
                other.spec,
                other.state,
                sequence,
                other.epoch,
                other.attempt,
                other.adoption,
                other.monitor,
                other.boot,
                other.onlineSince));
    }

    /// The adoption record as it is written.
    public static List<Adoption> written(Optional<AdoptionRecord> record) {
        return record.map(it -> List.of(new Adoption(
                        it.processes().stream()
                                .map(process ->
                                        new ProcessOnDisk(process.pid(), process.startTicks(), process.bootId()))
                                .toList(),
                        it.controlGroup(),
                        it.own())))
                .orElse(List.of());
    }

    /// The adoption record as the resource type gets it back.
    public Optional<AdoptionRecord> adoptable() {
        return adoption.stream()
                .findFirst()
                .map(it -> new AdoptionRecord(
                        it.processes().stream()
                                .map(process ->
                                        new ProcessIdentity(process.pid(), process.startTicks(), process.bootId()))
                                .toList(),
                        it.controlGroup(),
                        it.own()));
    }
}
