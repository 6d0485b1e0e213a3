package dev.mainstay.monitor.process;

import dev.mainstay.linux.Birthmark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Whose a process is by its [Birthmark]: of resource and launch, also when it has wiped its environment,
/// closed its files, begun a session of its own and lost its parents before anybody looked.
///
/// Used where there are no control groups. The numbers are made of the marks that stand in the environment.
final class Kinship {
    /// Numbers of resources stand above those of launches: no soft limit may be above its hard one.
    private static final long RESOURCES = 1L << 62;

    private static final long LAUNCHES = 1L << 61;

    private Kinship() {}

    /// Marks the process of a launch, which has not become its program yet. Where the kernel refuses, as to an
    /// ordinary user whose own limit is lower, the other proofs remain.
    static void give(long pid, Launch launch) {
        if (launch.group().isEmpty()) {
            var of = launch.environment();
            var _ = new Birthmark(
                            number(RESOURCES, of.getOrDefault(Launch.RESOURCE_MARK, "")),
                            number(LAUNCHES, of.getOrDefault(Launch.LAUNCH_MARK, "")))
                    .put(pid);
        }
    }

    /// Whether the process descends from what has that mark.
    static boolean shows(long pid, Tree.Mark mark) {
        return Birthmark.of(pid)
                .filter(born -> mark.name().equals(Launch.RESOURCE_MARK)
                        ? born.kin() == number(RESOURCES, mark.value())
                        : born.birth() == number(LAUNCHES, mark.value()))
                .isPresent();
    }

    private static long number(long range, String mark) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(mark.getBytes(StandardCharsets.UTF_8));
            return range | (ByteBuffer.wrap(digest).getLong() & (LAUNCHES - 1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
