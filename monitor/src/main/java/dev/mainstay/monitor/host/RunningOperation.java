package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.monitor.step.ResourceEvent;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import java.util.Optional;
import java.util.function.Consumer;

/// One online or offline operation: what the type may ask of it, and its worker.
final class RunningOperation implements Operation, Progress {
    private final CallSite site;
    private final Reason reason;
    private final long epoch;
    private final Consumer<AdoptionRecord> adoptions;
    private final Consumer<ResourceEvent> events;
    // Set by the entry point's thread, read by the resource's mailbox and by the worker.
    private volatile Optional<Work> work = Optional.empty();
    private volatile Optional<Thread> worker = Optional.empty();
    private volatile boolean cancelled;

    RunningOperation(
            CallSite site,
            Reason reason,
            long epoch,
            Consumer<AdoptionRecord> adoptions,
            Consumer<ResourceEvent> events) {
        this.site = site;
        this.reason = reason;
        this.epoch = epoch;
        this.adoptions = adoptions;
        this.events = events;
    }

    @Override
    public Reason reason() {
        return reason;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public Outcome pending(Work longWork) {
        if (work.isPresent()) {
            throw new IllegalStateException("an operation hands over its work once: this one did so before");
        }
        work = Optional.of(longWork);
        return Outcome.PENDING;
    }

    @Override
    public void adoptable(AdoptionRecord adoption) {
        if (adoption.own().length() > Limits.ADOPTION_RECORD) {
            throw new IllegalArgumentException("hand over an adoption record of %d characters: at most %d are kept"
                    .formatted(adoption.own().length(), Limits.ADOPTION_RECORD));
        }
        adoptions.accept(adoption);
    }

    @Override
    public void checkpoint(String step) {
        events.accept(new ResourceEvent.CheckpointChanged(Texts.cut(step, Limits.CHECKPOINT)));
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    boolean hasWork() {
        return work.isPresent();
    }

    /// Starts the worker; `ended` is told its end.
    void startWork(Consumer<ResourceEvent> ended) {
        work.ifPresent(longWork ->
                worker = Optional.of(Thread.ofVirtual().name(name() + " worker").start(() -> {
                    var end = run(longWork);
                    // a cancelled worker was interrupted: that must not disturb the writing of records
                    var _ = Thread.interrupted();
                    ended.accept(end);
                })));
    }

    private String name() {
        return site.resource() + " " + site.call().word();
    }

    private ResourceEvent run(Work longWork) {
        Thread.currentThread().setContextClassLoader(longWork.getClass().getClassLoader());
        try {
            return site.run(() -> {
                longWork.run(this);
                return new ResourceEvent.WorkEnded();
            });
        } catch (InterruptedException _) {
            return new ResourceEvent.WorkFailed("the worker was interrupted");
        } catch (Throwable e) {
            return new ResourceEvent.WorkFailed(Words.of(e), Words.lasting(e));
        }
    }

    /// Cancels and interrupts the worker; answers the thread that is to end.
    Optional<Thread> cancel() {
        cancelled = true;
        worker.ifPresent(Thread::interrupt);
        return worker;
    }
}
