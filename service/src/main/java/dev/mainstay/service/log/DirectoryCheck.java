package dev.mainstay.service.log;

import static java.util.stream.Collectors.joining;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.service.log.Seal.Purpose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at what a data directory holds before anything of it is opened, changed, or taken offline: the key, whose
/// data it is, whether its parts belong together, and whether the log can be read.
///
/// **Threads:** one. **Source:** ADR 0033.
public final class DirectoryCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCheck.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final FileAttribute<Set<PosixFilePermission>> MINE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String KEY = "cluster.key";
    /// The number of the last start, as earlier versions kept it.
    private static final String OLD_INCARNATION = "incarnation";

    private final Path data;
    private final Membership membership;
    private final Start start;
    private final List<Long> monitors;
    private final Path group;
    private final Path asideFolder;

    /// How a cluster service is started.
    public enum Start {
        /// Refuses what does not belong together or is damaged.
        USUAL,
        /// Goes on without what is damaged or missing, and puts it aside.
        RECOVER,
        /// Puts all data aside and begins a new cluster.
        NEW_CLUSTER
    }

    /// What a start begins with.
    ///
    /// @param membership with the key
    /// @param identity of this start, on disk in both places
    /// @param identityFiles what these files hold
    /// @param applied notes how far the log is followed
    public record Admitted(
            Seal seal,
            Membership membership,
            Identity identity,
            Map<Path, byte[]> identityFiles,
            AppliedMark applied) {}

    private DirectoryCheck(Path data, Membership membership, Start start, List<Long> monitors) {
        this.data = data;
        this.membership = membership;
        this.start = start;
        this.monitors = monitors;
        this.group = membership.directoryIn(data.resolve("log"));
        this.asideFolder = data.resolve("aside").resolve(STAMP.format(Instant.now()));
    }

    /// Checks a data directory and notes this start in it.
    ///
    /// @param monitors the pids of the monitors of this directory that run
    /// **Errors:** [DirectoryRefused], with nothing changed.
    public static Admitted admit(Path data, Membership named, Start start, List<Long> monitors) throws IOException {
        // The log of several is found by its key; a node alone may have none yet.
        var membership = named.isAlone() ? named : named.sealedBy(Seal.of(data.resolve(KEY), false));
        return new DirectoryCheck(data, membership, start, monitors).admit();
    }

    private Admitted admit() throws IOException {
        if (start == Start.NEW_CLUSTER) {
            beginAnew();
        }
        LogOwner.check(data.resolve("log"), membership);
        boolean hasLog = Files.isDirectory(group);
        long applied = AppliedMark.read(data.resolve(AppliedMark.FILE));
        if (!hasLog && start == Start.USUAL && (applied >= 0 || !monitors.isEmpty() || othersRemember())) {
            throw logMissing();
        }
        var seal = seal(hasLog);
        var content = new LogFiles(
                        group,
                        applied,
                        start == Start.RECOVER,
                        snapshot -> seal.open(Purpose.SNAPSHOT, snapshot).isPresent(),
                        this::putAside)
                .examine();
        checkKey(seal, content);
        var before = before(seal, hasLog, applied);
        checkComplete(before, hasLog, applied, content);
        checkOriginal(seal, hasLog);
        checkMetadata(hasLog);
        // Nothing was changed until here, and nothing is refused from here on.
        content.mend();
        mendMetadata(hasLog, content);
        mendConfiguration();
        var identity = before.map(Identity::next).orElseGet(() -> named(1));
        clearTheWay();
        var files = new LinkedHashMap<Path, byte[]>();
        // The copy beside the log first: it may be one start ahead, never behind.
        for (var file : List.of(beside(), data.resolve(Identity.FILE))) {
            files.put(file, identity.writeTo(file, seal));
        }
        var mark = AppliedMark.open(data.resolve(AppliedMark.FILE), Math.min(applied, content.lastIndex()));
        return new Admitted(seal, membership, identity, files, mark);
    }

    private Path beside() {
        return data.resolve("log").resolve(Identity.FILE);
    }

    private Identity named(long incarnation) {
        return new Identity(
                membership.cluster(), membership.self().value(), UUID.randomUUID(), incarnation, Identity.UNKNOWN);
    }

    private Seal seal(boolean hasLog) throws IOException {
        var file = data.resolve(KEY);
        if (!Files.exists(file) && (hasLog || Files.exists(data.resolve(Identity.FILE)))) {
            throw new DirectoryRefused(
                    ErrorCode.KEY_MISSING,
                    ("open the log in '%s': its key '%s' is missing. Without it nothing of the log can be used. Copy the key back"
                                    + " from a backup or from another member (mode rw-------). If it is lost for good, begin a"
                                    + " new cluster: start once with --new-cluster, which puts the old data aside.")
                            .formatted(group, file));
        }
        return Seal.of(file, membership.isAlone());
    }

    private void checkKey(Seal seal, LogFiles.Content content) throws IOException {
        boolean tried = !content.samples().isEmpty() || content.snapshot().isPresent();
        boolean opens = content.samples().stream()
                        .anyMatch(entry -> seal.open(Purpose.ENTRY, entry).isPresent())
                || content.snapshot()
                        .flatMap(bytes -> seal.open(Purpose.SNAPSHOT, bytes))
                        .isPresent();
        if (tried && !opens) {
            throw new DirectoryRefused(
                    ErrorCode.KEY_DOES_NOT_FIT,
                    ("open the log in '%s' with the key '%s': another key sealed it. Copy back the key that was in use before,"
                                    + " from a backup or from another member, or the log that belongs to this key. If that key is"
                                    + " lost for good, begin a new cluster: start once with --new-cluster, which puts the old data"
                                    + " aside.")
                            .formatted(group, data.resolve(KEY)));
        }
    }

    /// The identity of the start before this one.
    private Optional<Identity> before(Seal seal, boolean hasLog, long applied) throws IOException {
        var own = read(data.resolve(Identity.FILE), seal);
        var beside = hasLog ? read(beside(), seal) : Optional.<Identity>empty();
        for (var one : List.of(own, beside)) {
            if (one.isPresent()) {
                checkWhose(one.get());
            }
        }
        if (own.isPresent() && beside.isPresent()) {
            checkTogether(own.get(), beside.get());
        }
        if (beside.isPresent() && own.isEmpty()) {
            LOG.warn(
                    "the file '{}' is missing or damaged: it is made anew from its copy beside the log",
                    data.resolve(Identity.FILE));
        }
        var newest = beside.filter(
                        one -> own.isEmpty() || one.incarnation() > own.get().incarnation())
                .or(() -> own);
        return newest.isPresent() || !hasLog ? newest : Optional.of(withoutIdentity(applied));
    }

    /// A copy may be older than what was there before it, and nothing in it tells. Of a member of several it may
    /// have forgotten a vote; a backup of a node alone is welcome, but not while resources run unknown to it.
    private void checkOriginal(Seal seal, boolean hasLog) throws IOException {
        var file = Files.isRegularFile(beside()) ? beside() : data.resolve(Identity.FILE);
        var identity = hasLog ? read(file, seal) : Optional.<Identity>empty();
        if (identity.isEmpty() || !identity.get().isCopiedTo(file)) {
            return;
        }
        var made = "the log is a copy: start %d wrote it on %s, and somebody put it here later"
                .formatted(identity.get().incarnation(), identity.get().made());
        if (start != Start.USUAL || (membership.isAlone() && monitors.isEmpty())) {
            LOG.warn("data directory '{}': {}. What was changed after the copy was made is not in it", data, made);
            return;
        }
        throw new DirectoryRefused(
                ErrorCode.DATA_OLDER,
                ("start on the data in '%s': %s. %s Put back what was there, or, if this is the newest there is, start once with"
                                + " --recover.")
                        .formatted(
                                data,
                                made,
                                membership.isAlone()
                                        ? "It may not know the resources that run: monitors of the run before are here, pid %s."
                                                .formatted(monitors.stream()
                                                        .map(String::valueOf)
                                                        .collect(joining(", ")))
                                        : "It may have forgotten how this node voted."));
    }

    /// There is a log, and no identity: an earlier version kept the number of its start alone.
    private Identity withoutIdentity(long applied) throws IOException {
        var file = data.resolve(OLD_INCARNATION);
        long incarnation = -1;
        try {
            incarnation = Long.parseLong(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip());
        } catch (NoSuchFileException | NumberFormatException none) {
            LOG.debug("no number of a start in '{}': {}", file, none.toString());
        }
        if (start == Start.RECOVER) {
            // Only that it grows counts; seconds since 1970 are more than any number of starts.
            incarnation = Math.max(incarnation, Instant.now().getEpochSecond());
        } else if (incarnation < 0 || applied >= 0) {
            throw new DirectoryRefused(
                    ErrorCode.DATA_OLDER,
                    ("start on the data in '%s': there is a log, but neither '%s' nor its copy beside the log tells which start"
                                    + " wrote it last. Restore the files from a backup, or go on with the log as it is: start once"
                                    + " with --recover.")
                            .formatted(data, data.resolve(Identity.FILE)));
        }
        return named(Math.max(0, incarnation));
    }

    private Optional<Identity> read(Path file, Seal seal) throws IOException {
        var identity = Identity.bytes(file).flatMap(bytes -> Identity.decode(bytes, seal));
        if (identity.isEmpty() && Files.exists(file)) {
            LOG.warn("the file '{}' is damaged, or another key sealed it", file);
        }
        return identity;
    }

    private void checkWhose(Identity identity) throws IOException {
        if (!identity.cluster().equals(membership.cluster())
                || !identity.node().equals(membership.self().value())) {
            throw new DirectoryRefused(
                    ErrorCode.FOREIGN_DATA,
                    ("start node '%s' of cluster '%s' on the data in '%s': they are those of node '%s' of cluster '%s'. Start"
                                    + " with these names, or name an empty data directory.")
                            .formatted(
                                    membership.self(),
                                    membership.cluster(),
                                    data,
                                    identity.node(),
                                    identity.cluster()));
        }
    }

    private void checkTogether(Identity own, Identity beside) throws IOException {
        boolean older = beside.incarnation() < own.incarnation();
        if (start != Start.RECOVER && (older || !own.storage().equals(beside.storage()))) {
            throw new DirectoryRefused(
                    ErrorCode.DATA_OLDER,
                    ("start on the data in '%s': the log is %s, from start %d, while the directory is from start %d. What was"
                                    + " changed since then is not in it. Put the newer log back, or, to go on with the log as it"
                                    + " is, start once with --recover.")
                            .formatted(
                                    data,
                                    older ? "an older copy" : "another node's",
                                    beside.incarnation(),
                                    own.incarnation()));
        }
    }

    /// Whether what others keep in the directory tells of a log that was there: records of resources, or a journal
    /// though no start left its identity, which it does first.
    private boolean othersRemember() throws IOException {
        var records = data.resolve("records");
        if (Files.isDirectory(records)) {
            try (var files = Files.newDirectoryStream(records, "*.record")) {
                if (files.iterator().hasNext()) {
                    return true;
                }
            }
        }
        return Files.exists(data.resolve("journal").resolve("journal.db"))
                && !Files.exists(data.resolve(Identity.FILE));
    }

    private DirectoryRefused logMissing() {
        return new DirectoryRefused(
                ErrorCode.DATA_OLDER,
                ("start on the data in '%s': its log '%s' is missing%s. Put it back from a backup, or begin with an empty log:"
                                + " start once with --new-cluster, which puts what is left aside.")
                        .formatted(
                                data,
                                group,
                                monitors.isEmpty() ? "" : ", and resources of the run before it still run"));
    }

    private void checkComplete(Optional<Identity> before, boolean hasLog, long applied, LogFiles.Content content)
            throws IOException {
        if (start == Start.RECOVER) {
            return;
        }
        if (!hasLog && before.filter(one -> one.incarnation() > 1).isPresent()) {
            throw logMissing();
        }
        if (content.lastIndex() < applied) {
            throw new DirectoryRefused(
                    ErrorCode.DATA_OLDER,
                    ("start on the data in '%s': the log '%s' ends with entry %d, but entries up to %d were acknowledged. Its"
                                    + " end is missing, or it is an older copy. Put the newer log back, or go on without these"
                                    + " changes: start once with --recover.")
                            .formatted(data, group, content.lastIndex(), applied));
        }
    }

    /// Whatever has the name of a file that is written now, and is none.
    private void clearTheWay() throws IOException {
        var log = data.resolve("log");
        for (var file : List.of(
                data.resolve(Identity.FILE),
                data.resolve(AppliedMark.FILE),
                beside(),
                log.resolve(LogOwner.FILE),
                data.resolve("version"),
                group.resolve("in_use.lock"))) {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                putAside(file);
            }
        }
    }

    private void checkMetadata(boolean hasLog) throws IOException {
        var file = metadata();
        if (hasLog && !readsAsMetadata(file) && !membership.isAlone() && start != Start.RECOVER) {
            throw DirectoryRefused.damaged(
                    file, "it does not hold the term and the vote of this node", "How this node voted last is lost.");
        }
    }

    private Path metadata() {
        return group.resolve("current").resolve("raft-meta");
    }

    /// The engine's own note of its term and vote can be made anew where nobody else votes.
    private void mendMetadata(boolean hasLog, LogFiles.Content content) throws IOException {
        var file = metadata();
        if (!hasLog || readsAsMetadata(file)) {
            return;
        }
        LOG.warn("the file '{}' is missing or damaged: it is made anew from the log", file);
        if (Files.exists(file)) {
            putAside(file);
        }
        Files.createDirectories(file.getParent());
        // A term of which nobody has a vote of this node.
        Identity.write(
                file, "term=%d\nvotedFor=\n".formatted(content.lastTerm() + 1).getBytes(StandardCharsets.UTF_8));
    }

    /// Of a node alone the voters are known without the engine's own note of them.
    private void mendConfiguration() throws IOException {
        var file = group.resolve("current").resolve("raft-meta.conf");
        if (membership.isAlone() && Files.exists(file) && !namesThisNode(file)) {
            LOG.warn("the file '{}' is damaged: the engine makes it anew", file);
            putAside(file);
        }
    }

    private boolean namesThisNode(Path file) throws IOException {
        var bytes = Identity.bytes(file);
        if (bytes.isEmpty()) {
            return false;
        }
        try {
            var voters =
                    LogEntryProto.parseFrom(bytes.get()).getConfigurationEntry().getPeersList();
            return voters.size() == 1
                    && voters.getFirst()
                            .getId()
                            .toStringUtf8()
                            .equals(membership.self().value());
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static boolean readsAsMetadata(Path file) throws IOException {
        var bytes = Identity.bytes(file);
        if (bytes.isEmpty()) {
            return false;
        }
        try {
            var values = new Properties();
            values.load(new java.io.StringReader(new String(bytes.get(), StandardCharsets.UTF_8)));
            return values.getProperty("votedFor") != null && Long.parseLong(values.getProperty("term", "")) >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void beginAnew() throws IOException {
        for (var name : List.of("log", "journal", Identity.FILE, AppliedMark.FILE, OLD_INCARNATION)) {
            if (Files.exists(data.resolve(name))) {
                putAside(data.resolve(name));
            }
        }
        if (membership.isAlone() && Files.exists(data.resolve(KEY))) {
            putAside(data.resolve(KEY));
        }
        for (var folder : List.of("log", "journal")) {
            Files.createDirectories(data.resolve(folder), MINE);
        }
    }

    private void putAside(Path file) throws IOException {
        var to = asideFolder.resolve(data.relativize(file).toString());
        Files.createDirectories(to.getParent(), MINE);
        Files.move(file, to);
        LOG.warn("put aside: '{}' is now '{}'", file, to);
    }
}
