package dev.mainstay.service.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine's files of one group, looked at before the engine opens them: it takes some damage for the end of
/// the log, and for other it has only a trace.
///
/// **Threads:** one.
final class LogFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
    private static final Pattern SEGMENT = Pattern.compile("log_(\\d{1,18})-(\\d{1,18})|log_inprogress_(\\d{1,18})");
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.(\\d{1,18})_(\\d{1,18})");

    private final Path group;
    private final long applied;
    private final boolean recover;
    private final Predicate<byte[]> sealed;
    private final Aside aside;
    private final List<Mend> mends = new ArrayList<>();

    /// Where a file goes before something of it is given up.
    @FunctionalInterface
    interface Aside {
        /// Puts the file there; it is gone from its place.
        void put(Path file) throws IOException;
    }

    /// A change to the files, made when nothing speaks against the start any more.
    @FunctionalInterface
    interface Mend {
        /// Makes it.
        void make() throws IOException;
    }

    /// What the files hold.
    ///
    /// @param lastIndex the index of the last entry, or of the snapshot; -1 for none
    /// @param lastTerm the highest term seen
    /// @param samples some entries with their seals
    /// @param snapshot the content of the newest snapshot
    /// @param mends what has to be done before the engine opens them
    record Content(long lastIndex, long lastTerm, List<byte[]> samples, Optional<byte[]> snapshot, List<Mend> mends) {
        void mend() throws IOException {
            for (var mend : mends) {
                mend.make();
            }
        }
    }

    private record Snapshot(long term, long index, Supplier<byte[]> content) {}

    /// @param applied entries up to this one were acknowledged
    /// @param recover whether what is damaged may be given up
    /// @param sealed whether a snapshot has the seal of the cluster
    LogFiles(Path group, long applied, boolean recover, Predicate<byte[]> sealed, Aside aside) {
        this.sealed = sealed;
        this.group = group;
        this.applied = applied;
        this.recover = recover;
        this.aside = aside;
    }

    /// Reads all of them and changes none; an entry at the end that was being written when the machine stopped is
    /// cut off by the mends.
    ///
    /// **Errors:** [DirectoryRefused] for damage, unless it may be given up.
    Content examine() throws IOException {
        var snapshot = newestSnapshot();
        long expected = snapshot.map(Snapshot::index).orElse(-1L);
        long term = snapshot.map(Snapshot::term).orElse(0L);
        var samples = new ArrayList<byte[]>();
        long last = -1;
        boolean cut = false;
        for (var file : segments()) {
            var segment = SegmentFile.named(file);
            if (cut) {
                mends.add(() -> aside.put(file));
                continue;
            }
            long next = last < 0 ? Math.min(segment.start(), expected + 1) : last + 1;
            if (segment.start() != next) {
                var trouble = DirectoryRefused.damaged(
                        file,
                        "it begins with entry %d, but entry %d should follow the one before"
                                .formatted(segment.start(), next),
                        "Entries %d to %d of the log are lost.".formatted(next, segment.start() - 1));
                if (!recover) {
                    throw trouble;
                }
                mends.add(() -> aside.put(file));
                cut = true;
                continue;
            }
            var read = segment.read(samples);
            if (read.trouble().isPresent()) {
                cut = mend(segment, read);
            }
            term = Math.max(term, read.term());
            last = read.last();
        }
        return new Content(
                Math.max(last, expected),
                term,
                samples,
                snapshot.map(newest -> newest.content().get()),
                List.copyOf(mends));
    }

    /// Has what is damaged cut off, or refuses.
    ///
    /// @return whether what follows has to go as well
    private boolean mend(SegmentFile segment, SegmentFile.Read read) throws IOException {
        boolean torn = segment.isOpen() && read.maybeTorn() && read.last() >= applied;
        if (torn) {
            LOG.warn(
                    "the log '{}' ends with an entry that was not completely written before the end of the last run, and "
                            + "never acknowledged: it is cut off",
                    segment.file());
        } else if (recover) {
            LOG.warn(
                    "given up in '{}' behind entry {}: {}",
                    segment.file(),
                    read.last(),
                    read.trouble().orElse(""));
        } else {
            throw DirectoryRefused.damaged(
                    segment.file(),
                    read.trouble().orElse(""),
                    "Entry %d of the log and those behind it are lost.".formatted(read.last() + 1));
        }
        mends.add(() -> cutOff(segment, read, torn));
        return true;
    }

    private void cutOff(SegmentFile segment, SegmentFile.Read read, boolean torn) throws IOException {
        boolean empty = read.last() < segment.start();
        var kept = empty ? new byte[0] : Files.readAllBytes(segment.file());
        if (!torn) {
            aside.put(segment.file());
        }
        if (empty) {
            Files.deleteIfExists(segment.file());
        } else {
            var open = segment.file().resolveSibling("log_inprogress_" + segment.start());
            Identity.write(open, Arrays.copyOf(kept, read.end()));
        }
    }

    private List<Path> segments() throws IOException {
        return named(group.resolve("current"), SEGMENT).stream()
                .sorted(Comparator.comparingLong(file -> SegmentFile.named(file).start()))
                .toList();
    }

    private Optional<Snapshot> newestSnapshot() throws IOException {
        var files = named(group.resolve("sm"), SNAPSHOT).stream()
                .sorted(Comparator.comparingLong(LogFiles::index).reversed())
                .toList();
        Optional<Snapshot> newest = Optional.empty();
        for (var file : files) {
            var sum = file.resolveSibling(file.getFileName() + ".md5");
            if (!Files.exists(sum)) {
                // The run ended between the two files: the engine does not take it for a snapshot either.
                continue;
            }
            var content = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            boolean good = matches(file, content) || sealedAnyhow(file, sum, content);
            if (!good && newest.isEmpty() && !recover) {
                throw DirectoryRefused.damaged(
                        file,
                        "it does not have the check sum of '%s'".formatted(sum.getFileName()),
                        "It holds the state up to entry %d.".formatted(index(file)));
            }
            if (!good) {
                mends.add(() -> {
                    aside.put(file);
                    aside.put(sum);
                });
            } else if (newest.isEmpty()) {
                var name = SNAPSHOT.matcher(file.getFileName().toString());
                long term = name.matches() ? Long.parseLong(name.group(1)) : 0;
                newest = Optional.of(new Snapshot(term, index(file), () -> content));
            }
        }
        return newest;
    }

    /// The seal proves more than the check sum: that one is then what is damaged, and is made anew.
    private boolean sealedAnyhow(Path file, Path sum, byte[] content) {
        if (!sealed.test(content)) {
            return false;
        }
        LOG.warn("the check sum '{}' is damaged: it is made anew", sum);
        mends.add(() -> {
            aside.put(sum);
            MD5FileUtil.saveMD5File(file.toFile(), sumOf(content));
        });
        return true;
    }

    private static MD5Hash sumOf(byte[] content) {
        return MD5Hash.newInstance(MD5FileUtil.newMD5().digest(content));
    }

    private static boolean matches(Path file, byte[] content) {
        try {
            var stored = MD5FileUtil.readStoredMd5ForFile(file.toFile());
            return stored != null && stored.equals(sumOf(content));
        } catch (IOException | RuntimeException e) {
            LOG.warn("the check sum of '{}' cannot be read: {}", file, e.toString());
            return false;
        }
    }

    private static long index(Path snapshot) {
        var name = SNAPSHOT.matcher(snapshot.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(2)) : -1;
    }

    private static List<Path> named(Path folder, Pattern pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }
}
