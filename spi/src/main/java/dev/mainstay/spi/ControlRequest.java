package dev.mainstay.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One control on its way to a resource or to its type: a named request with typed input.
///
/// **Threads:** usable from the entry point and from the work handed to [#pending], until that work ends.
public interface ControlRequest {
    /// The control's name, such as `validate-private-properties`; the standard ones are in [Controls].
    String code();

    /// The input: checked against the declaration of the control for those that declare it, otherwise as sent.
    ///
    /// One value for plain kinds, several for a list, `name=value` each for a map.
    Map<String, List<String>> input();

    /// The input of `validate-private-properties` or `set-private-properties`, with defaults.
    ///
    /// **Errors:** `IllegalArgumentException` says what the description of the type does not allow.
    Properties properties();

    /// Says what would keep a command from being started on this node now: its program, user, working directory,
    /// the length of its words. Nothing is started.
    ///
    /// **Errors:** [LastingFailure]; any other failure means that it could not be found out.
    void examine(Processes.Command command) throws ResourceFailure;

    /// Hands `work` to a worker of the monitor; its answer is the answer of the control.
    ///
    /// **Time:** until the limit of the request, unless [Progress#extend] asks for more.
    /// **Order:** at most once per request.
    ControlAnswer pending(Work work);

    /// Long work on behalf of a control.
    @FunctionalInterface
    interface Work {
        /// Does the work; never answers [ControlAnswer.Pending].
        ControlAnswer run(Progress progress) throws ResourceFailure, InterruptedException;
    }

    /// How a pending control asks for more time.
    interface Progress {
        /// Gives the control `more` time from now on; at most the type's `deadlockTimeout`.
        void extend(Duration more);

        /// Whether nobody waits for the answer any more: the work should end at once.
        boolean cancelled();
    }
}
