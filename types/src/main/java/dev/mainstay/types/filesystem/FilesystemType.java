package dev.mainstay.types.filesystem;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.Objections;
import java.util.List;

/// The resource type `filesystem`: a device, a network share, a folder or memory, mounted where the group is.
///
/// **Source:** the mount half of the original's Physical Disk; reservations are not part of it.
public final class FilesystemType implements ResourceType {
    private static final long HOUR_MILLIS = 3_600_000;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "filesystem",
            "1.0.0",
            "Mounts a file system with mount(8) and unmounts it with umount(8), never lazily. It has failed as soon as"
                    + " it is unmounted, covered or read-only behind the cluster's back, or when a write to it fails"
                    + " or hangs. It goes offline only when its device is free, also in other mount namespaces; who"
                    + " holds it is named. By default nobody is ended for that: what the cluster itself started on it"
                    + " was stopped before, so whoever still holds it is a stranger to the cluster. A mount that"
                    + " somebody else made is neither used nor removed: keep it out of /etc/fstab. Needs a monitor"
                    + " that runs as root.",
            List.of(
                    required(
                            "device",
                            Kind.TEXT,
                            "What is mounted: /dev/..., UUID=..., LABEL=..., server:/share, a folder (fsType bind), or"
                                    + " a name for what has no device (tmpfs)."),
                    required("mountPoint", Kind.TEXT, "Full path of the folder where it is mounted."),
                    optional(
                            "fsType",
                            Kind.TEXT,
                            "The file system's type, such as ext4, xfs, nfs, tmpfs, fuse.sshfs, or bind. Default: found by mount."),
                    optional("options", Kind.LIST, "Mount options, one list element each: [noatime, ro]."),
                    optional(
                                    "createMountPoint",
                                    Kind.FLAG,
                                    "Whether the folder is made, with those above it, when it is not there.")
                            .withDefault("true"),
                    optional("mountTimeout", Kind.DURATION, "How long one call of mount may take.")
                            .withDefault("60s")
                            .within(100, HOUR_MILLIS),
                    optional(
                                    "unmountTimeout",
                                    Kind.DURATION,
                                    "How long one call of umount may take. A FUSE file system that is not unmounted by"
                                            + " then is cut off from its server, which hangs (umount --force); what the"
                                            + " server has not written is lost, and the server is ended.")
                            .withDefault("60s")
                            .within(100, HOUR_MILLIS),
                    optional(
                                    "onBusy",
                                    Kind.CHOICE,
                                    "What may be done to processes that hold it when it is unmounted. wait: they are"
                                            + " named and waited for; if they stay, the group cannot leave this node."
                                            + " term: then they get SIGTERM. kill: then SIGKILL. The first process and"
                                            + " the cluster's own are spared in any case.")
                            .withDefault("wait")
                            .choosing("wait", "term", "kill"),
                    optional(
                                    "busyGrace",
                                    Kind.DURATION,
                                    "How long each step of onBusy lasts; terminate skips the waiting.")
                            .withDefault("5s")
                            .within(0, HOUR_MILLIS),
                    optional(
                                    "checkWrites",
                                    Kind.FLAG,
                                    "Whether IsAlive writes, syncs, reads and removes a small file .mainstay-check in"
                                            + " the mounted folder; otherwise, and if it is mounted read-only, it lists"
                                            + " the folder. A full file system is alive.")
                            .withDefault("true"),
                    optional(
                                    "checkTimeout",
                                    Kind.DURATION,
                                    "How long that check may take; then the file system has failed.")
                            .withDefault("10s")
                            .within(100, HOUR_MILLIS)));

    private final MountedWatch watch = new MountedWatch();

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return FilesystemResource.open(context, watch);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(
                request, properties -> Target.of("", properties).checkHelper());
    }
}
