package dev.mainstay.monitor.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Who may change code that runs in a monitor: root and the monitor's own user, nobody else.
///
/// The right to operate a cluster is not the right to run code with its rights.
final class Rights {
    private static final int STICKY = 01000;

    private Rights() {}

    /// Refuses a file or folder that somebody else could change.
    static void check(Path path) throws IOException, RefusedException {
        if (Files.isSymbolicLink(path)) {
            throw new RefusedException(
                    "'%s' is a link: what it names could change. Put the file itself there.".formatted(path));
        }
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        var own = Files.getOwner(Path.of("/proc/self")).getName();
        var owner = view.owner().getName();
        if (!owner.equals("root") && !owner.equals(own)) {
            throw new RefusedException(
                    "'%s' belongs to '%s': code that runs here must belong to root or to '%s', the user of this monitor. "
                                    .formatted(path, owner, own)
                            + "Change it:  chown %s %s".formatted(own, path));
        }
        if (view.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || view.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new RefusedException(
                    "'%s' has the rights %s: others than its owner could change code that runs here. Change them:  "
                                    .formatted(path, PosixFilePermissions.toString(view.permissions()))
                            + "chmod go-w %s".formatted(path));
        }
    }

    /// Refuses a folder that somebody else could put another in place of. A folder such as `/tmp`, where each may
    /// change only what is his own, is in order.
    static void checkAbove(Path folder) throws IOException, RefusedException {
        for (@Nullable Path above = folder.toRealPath().getParent(); above != null; above = above.getParent()) {
            var mode = (int) Files.getAttribute(above, "unix:mode");
            if ((mode & STICKY) == 0) {
                check(above);
            }
        }
    }
}
