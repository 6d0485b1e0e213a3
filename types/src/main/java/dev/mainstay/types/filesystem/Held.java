package dev.mainstay.types.filesystem;

import dev.mainstay.linux.Mount;
import dev.mainstay.linux.MountTable;
import java.nio.file.Path;
import java.util.Optional;

/// A mount this resource made on this node.
///
/// @param id its number; [#ABOUT_TO] for one that may have been made when the monitor ended
/// @param readOnly whether it was read-only from the beginning
/// @param device the numbers of its device
/// @param source the name of its device
record Held(int id, boolean readOnly, String device, String source, Path point) {
    private static final int ABOUT_TO = -1;
    private static final int FIELDS = 5;

    static Held of(Mount mount) {
        return new Held(mount.id(), mount.readOnly(), mount.device(), mount.source(), Path.of(mount.point()));
    }

    static Held aboutTo(Target target) {
        return new Held(ABOUT_TO, false, "0:", target.device(), target.point());
    }

    /// As it stands in a claim.
    String text() {
        return "%d\t%s\t%s\t%s\t%s".formatted(id, readOnly ? "ro" : "rw", device, source, point);
    }

    static Optional<Held> parse(String text) {
        var fields = text.split("\t", FIELDS);
        try {
            return fields.length < FIELDS
                    ? Optional.empty()
                    : Optional.of(new Held(
                            Integer.parseInt(fields[0]),
                            fields[1].equals("ro"),
                            fields[2],
                            fields[3],
                            Path.of(fields[4].stripTrailing())));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    /// The mount itself. One that was about to be made is whatever is there now: before, nothing was.
    Optional<Mount> in(MountTable table) {
        return id == ABOUT_TO
                ? table.at(point)
                : table.numbered(id).filter(mount -> mount.point().equals(point.toString()));
    }

    /// Whether that mount shows the same block device.
    boolean sameDevice(Mount other) {
        return other.shows(device, source);
    }

    /// What is wrong with it, in words for the operator; empty when all is well.
    Optional<String> trouble(MountTable table) {
        var mine = in(table);
        if (mine.isEmpty()) {
            var now = table.at(point)
                    .map(other -> "now '%s' (%s) is mounted there".formatted(other.source(), other.type()))
                    .orElse("nothing is mounted there now");
            return Optional.of("'%s' was unmounted: %s".formatted(point, now));
        }
        var top = table.at(point);
        if (top.isPresent() && top.get().id() != mine.get().id()) {
            return Optional.of("'%s' is covered: '%s' (%s) was mounted over it"
                    .formatted(point, top.get().source(), top.get().type()));
        }
        return mine.get().readOnly() && !readOnly
                ? Optional.of(
                        "'%s' has become read-only: somebody remounted it, or the kernel did after an error of '%s'; its log (dmesg) tells"
                                .formatted(point, mine.get().source()))
                : Optional.empty();
    }
}
