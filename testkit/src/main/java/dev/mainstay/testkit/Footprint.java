package dev.mainstay.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Threads and open files of a process, before and after something was done many times.
final class Footprint {
    /// Until class loading and thread pools have settled.
    private static final int WARM_UP = 5;

    private static final int TIMES = 20;

    /// Enough rounds to tell a leak from chance, if the type is fast enough to make them.
    private static final int GROWTH_MIN = 10;

    /// How long all rounds may take, in milliseconds; a slow type makes fewer.
    private static final long LIMIT_MILLIS = 20_000;

    private final long pid;
    private int rounds;
    private long threadsBefore;
    private long threadsAfter;
    private long filesBefore;
    private long filesAfter;

    Footprint(long pid) {
        this.pid = pid;
    }

    interface Round {
        void run() throws IOException, InterruptedException;
    }

    void afterWarmUp(Round round) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        for (int i = 0; i < WARM_UP && System.nanoTime() < end; i++) {
            round.run();
        }
        threadsBefore = count("task");
        filesBefore = count("fd");
        while (rounds < TIMES && System.nanoTime() < end) {
            round.run();
            rounds++;
        }
        threadsAfter = count("task");
        filesAfter = count("fd");
    }

    private long count(String what) throws IOException {
        try (var list = Files.list(Path.of("/proc", Long.toString(pid), what))) {
            return list.count();
        }
    }

    boolean isBounded() {
        int leak = Math.max(rounds, GROWTH_MIN);
        return threadsAfter - threadsBefore < leak && filesAfter - filesBefore < leak;
    }

    @Override
    public String toString() {
        return "%d rounds of open, online, offline and close the monitor had %d threads instead of %d and %d open files instead of %d"
                .formatted(rounds, threadsAfter, threadsBefore, filesAfter, filesBefore);
    }
}
