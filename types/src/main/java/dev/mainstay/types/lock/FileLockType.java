package dev.mainstay.types.lock;

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
import dev.mainstay.types.node.NodePath;
import dev.mainstay.types.node.Objections;
import java.util.List;

/// The resource type `file-lock`: an exclusive flock(2), useful as a guard in front of what must not run twice.
public final class FileLockType implements ResourceType {
    private static final long MINUTE_MILLIS = 60_000;
    private static final long HOUR_MILLIS = 60 * MINUTE_MILLIS;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "file-lock",
            "1.0.0",
            "Holds an exclusive lock (flock) on a file while it is online, by a small process that outlives the"
                    + " monitor; it has failed as soon as that process ends, the file is replaced, or the lock is"
                    + " lost. On a local file system it guards against a second owner on this node; on one that all"
                    + " nodes share, against one on any node, as far as that file system locks between nodes: NFS 4"
                    + " does (its server frees the lock of a node that is silent for its lease time, 90 s by default,"
                    + " and the kernel does not tell the node at once), GFS2 and OCFS2 do, NFS mounted with nolock or"
                    + " local_lock=flock does not. So it is a guard beside the cluster's own rules, never instead.",
            List.of(
                    required(
                            "path",
                            Kind.TEXT,
                            "Full path of the file; made if it is not there, its folder must be. It is to be used for"
                                    + " nothing else: who holds the lock is written into it for humans to read."),
                    optional("wait", Kind.DURATION, "How long online waits for another holder to release the lock.")
                            .withDefault("10s")
                            .within(0, HOUR_MILLIS),
                    optional(
                                    "checkTimeout",
                                    Kind.DURATION,
                                    "How long the file system may take to show the file; then the lock has failed.")
                            .withDefault("10s")
                            .within(100, HOUR_MILLIS)));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return FileLockResource.open(context);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(request, properties -> NodePath.full("", "path", properties.text("path")));
    }
}
