package dev.mainstay.types.filesystem;

import dev.mainstay.linux.MountTable;
import dev.mainstay.linux.SharedFolder;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// What must be so before something is mounted.
final class Preparation {
    private Preparation() {}

    static void check(Target target, MountTable table, boolean create) throws ResourceFailure, IOException {
        var there = table.at(target.point());
        if (there.isPresent()) {
            throw new ResourceFailure(target.asked()
                    + "'%s' (%s) is mounted there already, and this resource did not mount it. Unmount it (umount %s), and remove it from /etc/fstab"
                            .formatted(there.get().source(), there.get().type(), target.point()));
        }
        if (target.devicePath()) {
            checkDevice(target, table);
        }
        if (!Files.isDirectory(target.point())) {
            if (Files.exists(target.point(), LinkOption.NOFOLLOW_LINKS) || !create) {
                throw new ResourceFailure(target.asked()
                        + "the mount point is no folder. Make it: mkdir -p %s, or set createMountPoint"
                                .formatted(target.point()));
            }
            SharedFolder.make(target.point());
        }
        var real = target.point().toRealPath();
        if (!real.equals(target.point())) {
            throw new ResourceFailure(target.asked()
                    + "the mount point leads through a symbolic link to '%s'. Name that path instead".formatted(real));
        }
    }

    private static void checkDevice(Target target, MountTable table) throws ResourceFailure, IOException {
        var device = Path.of(target.device());
        if (!Files.exists(device)) {
            throw new ResourceFailure(target.asked()
                    + "'%s' does not exist on this node. Attach the device, or correct its name".formatted(device));
        }
        if (target.bind()) {
            return;
        }
        var numbers = Disk.numbers(device);
        var real = device.toRealPath().toString();
        var other = table.mounts().stream()
                .filter(mount -> mount.shows("", target.device())
                        || mount.shows("", real)
                        || numbers.stream().anyMatch(one -> mount.shows(one, "")))
                .findFirst();
        if (other.isPresent()) {
            throw new ResourceFailure(target.asked()
                    + "the device is mounted on this node already, at '%s'; taking this resource offline would not free it. Unmount it there"
                            .formatted(other.get().point()));
        }
    }
}
