package dev.mainstay.protocol;

import java.time.Duration;
import java.time.Instant;

/// How long the other end of a connection has been silent, counted only while this end was there to listen: who
/// was stopped itself, or got no time, must not blame the other for it.
///
/// **Time:** of the machine's monotonic clock, given by whoever looks; the wall clock is for people.
/// **Threads:** any.
public final class Silence {
    /// Longest time counted between two looks, in periods: who looks later than that was away itself.
    private static final int COUNTED_PERIODS = 2;

    private final Rule rule;
    private long lookedAtNanos;
    private long silentNanos;
    private Instant heardAt;

    /// When silence counts.
    ///
    /// @param period between two beats
    /// @param limit after so much silence the other end counts as gone
    public record Rule(Duration period, Duration limit) {
        /// What holds unless a node is set otherwise: three beats lost in a row are seen at once by people, and
        /// ten seconds are far more than a collection of garbage or a burst of load takes.
        public static final Rule USUAL = new Rule(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    /// What a look finds.
    public enum Finding {
        /// It was heard within the last beats.
        HEARD,
        /// More than two beats were not answered.
        SILENT,
        /// It has been silent for longer than the limit.
        OVER
    }

    /// Begins as if the other end was heard just now.
    public Silence(Rule rule, long nowNanos, Instant now) {
        this.rule = rule;
        this.lookedAtNanos = nowNanos;
        this.heardAt = now;
    }

    /// The other end was heard.
    public synchronized void heard(Instant now) {
        silentNanos = 0;
        heardAt = now;
    }

    /// Looks; to be called once in each period.
    public synchronized Finding look(long nowNanos) {
        silentNanos += Math.min(
                nowNanos - lookedAtNanos, COUNTED_PERIODS * rule.period().toNanos());
        lookedAtNanos = nowNanos;
        if (silentNanos > rule.limit().toNanos()) {
            return Finding.OVER;
        }
        return silentNanos > COUNTED_PERIODS * rule.period().toNanos() ? Finding.SILENT : Finding.HEARD;
    }

    /// Nothing was to be heard since the last look: this end did not ask.
    public synchronized void skip(long nowNanos) {
        lookedAtNanos = nowNanos;
    }

    /// How long it has been silent, as counted.
    public synchronized Duration lasted() {
        return Duration.ofNanos(silentNanos);
    }

    /// When it was heard last, for people.
    public synchronized Instant heardAt() {
        return heardAt;
    }
}
