package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.monitor.process.ProcessSupervisor;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One control on its way: asks the type, runs the work it hands over, and ends exactly once.
///
/// **Threads:** [#run] on a thread of its own, [#giveUp] from anywhere.
final class ControlCall implements ControlRequest, ControlRequest.Progress {
    private final String code;
    private final Map<String, List<String>> input;
    private final Caller caller;
    private final boolean mayPend;
    private final LongConsumer extended;
    private final Consumer<ControlResult> ended;
    // Set by the entry point's thread, which is also the one that runs the work.
    private Optional<Work> work = Optional.empty();
    // Guarded by this: who works and whether it has ended for whoever asked.
    private Optional<Thread> worker = Optional.empty();
    private Optional<Deadline.Watch> watch = Optional.empty();
    private boolean over;
    // Written under the lock, read by the type at any time.
    private volatile boolean cancelled;

    /// How a control reaches the code of the type.
    @FunctionalInterface
    interface Asked {
        ControlAnswer ask(ControlRequest request) throws Throwable;
    }

    /// Answers when the type does not support the control.
    @FunctionalInterface
    interface Otherwise {
        ControlResult answer() throws Throwable;
    }

    /// @param mayPend whether the type may hand over work
    /// @param extended is told how long the control may take from now on, in milliseconds
    /// @param ended is told the result, once
    ControlCall(
            String code,
            Map<String, List<String>> input,
            Caller caller,
            boolean mayPend,
            LongConsumer extended,
            Consumer<ControlResult> ended) {
        this.code = code;
        this.input = input;
        this.caller = caller;
        this.mayPend = mayPend;
        this.extended = extended;
        this.ended = ended;
    }

    /// A notice, of which nobody waits for the answer.
    static ControlCall notice(String code, Map<String, List<String>> input, Caller caller) {
        return new ControlCall(code, input, caller, false, _ -> {}, _ -> {});
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public Map<String, List<String>> input() {
        return input;
    }

    @Override
    public Properties properties() {
        return new PropertyValues(caller.description(), input);
    }

    @Override
    public void examine(Command command) throws ResourceFailure {
        ProcessSupervisor.examine(command);
    }

    @Override
    public ControlAnswer pending(Work longWork) {
        if (!mayPend) {
            throw new IllegalStateException("control '%s' is a notice: it is answered at once".formatted(code));
        }
        if (work.isPresent()) {
            throw new IllegalStateException("a control hands over its work once: this one did so before");
        }
        work = Optional.of(longWork);
        return new ControlAnswer.Pending();
    }

    @Override
    public void extend(Duration more) {
        if (!cancelled) {
            extended.accept(Math.clamp(more.toMillis(), 1, caller.limitMillis()));
        }
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    /// Asks the type in the turn of `entry`, works if it hands work over, and lets `otherwise` answer when the
    /// type does not support the control.
    void run(EntryPoint entry, Asked asked, Otherwise otherwise) {
        ControlResult result;
        try {
            var answer = caller.call(entry, () -> cancelled ? ControlAnswer.notSupported() : asked.ask(this));
            result = result(answer, caller.site(entry).working(), otherwise);
        } catch (Throwable thrown) {
            result = new ControlResult.Failed(Words.of(thrown));
        }
        end(result);
    }

    private ControlResult result(@Nullable ControlAnswer answer, CallSite site, Otherwise otherwise) throws Throwable {
        return switch (answer) {
            case null ->
                throw new ResourceFailure("the entry point answered null. This is a bug of the resource type.");
            case ControlAnswer.Done(var output) -> ControlResult.done(output);
            case ControlAnswer.NotSupported _ -> cancelled ? ControlResult.Done.NOTHING : otherwise.answer();
            case ControlAnswer.Pending _ -> result(worked(site), site, otherwise);
        };
    }

    private ControlAnswer worked(CallSite site) throws Exception {
        var handedOver = work.orElseThrow(() -> new ResourceFailure(
                "the entry point answered Pending without handing over work. This is a bug of the resource type:"
                        + " it must return what ControlRequest.pending answers."));
        synchronized (this) {
            if (over) {
                throw new InterruptedException("nobody waits any more");
            }
            worker = Optional.of(Thread.currentThread());
        }
        try {
            var answer = site.run(() -> handedOver.run(this));
            if (answer instanceof ControlAnswer.Pending) {
                throw new ResourceFailure(
                        "the work of control '%s' answered Pending. This is a bug of the resource".formatted(code)
                                + " type: work ends with Done, NotSupported or a failure.");
            }
            return answer;
        } finally {
            synchronized (this) {
                worker = Optional.empty();
                watch.ifPresent(Deadline.Watch::close);
            }
            // what was meant for the work must not reach what follows on this thread
            var _ = Thread.interrupted();
        }
    }

    /// Ends the control for whoever asked, and cancels its work; an entry point that runs is left alone.
    ///
    /// @param watching watches the thread of cancelled work
    void giveUp(String why, Function<Thread, Deadline.Watch> watching) {
        synchronized (this) {
            if (over) {
                return;
            }
            // decided before the work can answer its interrupt
            over = true;
            cancelled = true;
            worker.ifPresent(thread -> {
                watch = Optional.of(watching.apply(thread));
                thread.interrupt();
            });
        }
        ended.accept(new ControlResult.Failed(why));
    }

    /// Ends the control without asking the type.
    void fail(String why) {
        end(new ControlResult.Failed(why));
    }

    private void end(ControlResult result) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        ended.accept(result);
    }
}
