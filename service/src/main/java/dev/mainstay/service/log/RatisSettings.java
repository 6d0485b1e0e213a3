package dev.mainstay.service.log;

import dev.mainstay.protocol.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// The engine's settings that differ from its defaults, each with its reason.
///
/// **Source:** ADR 0002.
final class RatisSettings {
    /// Several voters: outliers of 400 ms were measured under load, so an election waits longer than that.
    private static final Duration ELECTION_MIN = Duration.ofMillis(600);

    private static final Duration ELECTION_MAX = Duration.ofMillis(1200);

    /// One voter: nobody else could lead, so there is little to wait for. But a leader's own thread wakes up as
    /// often as this: at 20 to 30 ms that alone cost 0.7 % of a core.
    private static final Duration LONE_ELECTION_MIN = Duration.ofMillis(100);

    private static final Duration LONE_ELECTION_MAX = Duration.ofMillis(150);

    /// How long a leader without a majority may go on before it steps down; the default is 10 s.
    private static final Duration STEP_DOWN = Duration.ofSeconds(2);

    /// A follower that is silent for this long is reported as slow; the default is 60 s.
    private static final Duration SLOWNESS = Duration.ofSeconds(5);

    /// How long a joining member may take to start its process and catch up.
    private static final Duration STAGING = Duration.ofSeconds(30);

    /// The default closes the log after a pause of 60 s, as of a suspended machine; ours never does.
    private static final Duration PAUSE_TOLERATED = Duration.ofDays(365);

    /// Entries between two snapshots: a restart replays at most these, about a second's work.
    static final long SNAPSHOT_ENTRIES = 10_000;

    private static final int SNAPSHOTS_KEPT = 3;
    /// Entries are a few kilobytes; one of more than this is refused.
    private static final SizeInBytes ENTRY_LIMIT = SizeInBytes.valueOf(Limits.ENGINE_ENTRY);

    /// The engine asks for room for one entry and 8 bytes.
    private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("5MB");

    /// Small segments, because a segment is kept whole until its last entry is in a snapshot.
    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("8MB");

    /// Room taken ahead of writing, so that most writes need no new block.
    private static final SizeInBytes PREALLOCATED = SizeInBytes.valueOf("1MB");

    /// Segments kept in memory for followers that lag.
    private static final int SEGMENTS_CACHED = 2;

    private static final int TRANSPORT_THREADS = 2;

    private RatisSettings() {}

    /// When the log is shortened; tests bring smaller ones.
    ///
    /// @param snapshotEntries entries between two snapshots
    /// @param segment how much is kept or removed at once
    record Sizes(long snapshotEntries, SizeInBytes segment) {
        static final Sizes USUAL = new Sizes(SNAPSHOT_ENTRIES, SEGMENT);
    }

    static RaftProperties of(Membership membership, Path directory, Sizes sizes) {
        var settings = new RaftProperties();
        storage(settings, directory, sizes);
        elections(settings, membership.voters().size());
        threads(settings);
        if (membership.isAlone()) {
            RaftConfigKeys.Rpc.setType(settings, new LoneTransport());
        } else {
            network(settings, membership.host(), membership.port());
        }
        return settings;
    }

    private static void storage(RaftProperties settings, Path directory, Sizes sizes) {
        RaftServerConfigKeys.setStorageDir(settings, List.of(directory.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                settings, directory.resolve("removed").toFile());
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(settings, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(settings, sizes.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(settings, SNAPSHOTS_KEPT);
        // Without these two the log never shrinks.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(settings, true);
        RaftServerConfigKeys.Log.setPurgeGap(settings, 1);
        // An entry counts only when it is on the disk, whatever happens to the machine.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(settings, false);
        // Saves a second flush per entry; the commit index is found anew after a restart.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(settings, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(settings, sizes.segment());
        RaftServerConfigKeys.Log.setPreallocatedSize(settings, PREALLOCATED);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(settings, SEGMENTS_CACHED);
        RaftServerConfigKeys.Log.setWriteBufferSize(settings, WRITE_BUFFER);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(settings, ENTRY_LIMIT);
        // The default waits 1 ms before each append.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(settings, TimeDuration.ZERO);
    }

    private static void elections(RaftProperties settings, int voters) {
        var min = span(voters == 1 ? LONE_ELECTION_MIN : ELECTION_MIN);
        var max = span(voters == 1 ? LONE_ELECTION_MAX : ELECTION_MAX);
        RaftServerConfigKeys.Rpc.setTimeoutMin(settings, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(settings, max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(settings, min);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(settings, max);
        RaftServerConfigKeys.Rpc.setSlownessTimeout(settings, span(SLOWNESS));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(settings, span(STEP_DOWN));
        // Lets a second voter join a group of one.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(settings, true);
        RaftServerConfigKeys.setStagingTimeout(settings, span(STAGING));
        RaftServerConfigKeys.setCloseThreshold(settings, span(PAUSE_TOLERATED));
        // A question is answered by a leader that is sure to be it; by default it may be an old one.
        RaftServerConfigKeys.Read.setOption(settings, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(settings, true);
    }

    /// The transport between several voters. Whatever makes sure who the other one is belongs here.
    private static void network(RaftProperties settings, String host, int port) {
        GrpcConfigKeys.Server.setHost(settings, host);
        GrpcConfigKeys.Server.setPort(settings, port);
        GrpcConfigKeys.Server.setBossGroupSize(settings, 1);
        GrpcConfigKeys.Server.setWorkerGroupSize(settings, TRANSPORT_THREADS);
        GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(settings, TRANSPORT_THREADS);
    }

    private static void threads(RaftProperties settings) {
        RaftServerConfigKeys.ThreadPool.setClientSize(settings, TRANSPORT_THREADS);
        RaftServerConfigKeys.ThreadPool.setServerSize(settings, TRANSPORT_THREADS);
        RaftServerConfigKeys.ThreadPool.setProxySize(settings, TRANSPORT_THREADS);
    }

    static TimeDuration span(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
