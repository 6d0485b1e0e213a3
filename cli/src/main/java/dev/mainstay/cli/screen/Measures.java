package dev.mainstay.cli.screen;

import dev.mainstay.api.MeasuresView;
import dev.mainstay.api.MeasuresView.CallsView;
import dev.mainstay.api.MeasuresView.SpreadView;
import dev.mainstay.protocol.PlainText;
import java.util.List;
import java.util.Locale;

/// How measured calls of entry points look.
public final class Measures {
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;

    private Measures() {}

    /// Writes the calls, a line for each monitor and entry point; with stacks, where the slowest stood.
    ///
    /// @param ofType whether all are of one type
    static void calls(List<CallsView> calls, boolean ofType, boolean stacks, Terminal terminal) {
        terminal.line("");
        if (calls.isEmpty()) {
            terminal.line("No calls of entry points yet.");
            return;
        }
        var table = new Table(
                ofType ? "MONITOR" : "TYPE", "CALL", "COUNT", "P50", "P90", "P99", "MAX", "OVER 300ms", "SLOWEST");
        for (var call : calls) {
            table.row(
                    ofType ? call.monitor() : call.type(),
                    call.call(),
                    Long.toString(call.count()),
                    time(call.durations().p50Micros()),
                    time(call.durations().p90Micros()),
                    time(call.durations().p99Micros()),
                    time(call.durations().maxMicros()),
                    call.slow() == 0 ? "" : Long.toString(call.slow()),
                    slowest(call, terminal));
        }
        table.lines(false).forEach(terminal::line);
        if (stacks) {
            calls.stream().filter(call -> !call.slowestStack().isEmpty()).forEach(call -> stack(call, terminal));
        } else if (calls.stream().anyMatch(call -> !call.slowestStack().isEmpty())) {
            terminal.line("Where the slowest stood is shown with --stacks.");
        }
    }

    private static void stack(CallsView call, Terminal terminal) {
        terminal.line("");
        terminal.line("The slowest " + call.call() + " of type '" + PlainText.oneLine(call.type()) + "' in monitor '"
                + PlainText.oneLine(call.monitor()) + "' stood after 300 ms at:");
        PlainText.lines(call.slowestStack()).strip().lines().forEach(line -> terminal.line("    " + line.strip()));
    }

    private static String slowest(CallsView call, Terminal terminal) {
        var at = Text.time(call.slowestAt(), terminal.zone(), false);
        return call.slowestResource().isEmpty() ? at : call.slowestResource() + " at " + at;
    }

    /// Writes what one monitor measured.
    static void of(MeasuresView measures, boolean stacks, Terminal terminal) {
        calls(measures.calls(), false, stacks, terminal);
        terminal.line("");
        if (!measures.running().isEmpty()) {
            var table = new Table("RUNNING", "TYPE", "RESOURCE", "SINCE");
            for (var call : measures.running()) {
                table.row(call.call(), call.type(), call.resource(), Text.time(call.since(), terminal.zone(), false));
            }
            table.lines(false).forEach(terminal::line);
        } else {
            terminal.line("No call runs.");
        }
        terminal.line(late(measures.polls(), measures.pollsLate()));
        if (!measures.fresh()) {
            terminal.line("! The monitor did not answer: these are the figures of "
                    + Text.time(measures.at(), terminal.zone(), true) + ".");
        }
    }

    private static String late(long polls, SpreadView late) {
        return polls == 0
                ? "No checks yet."
                : "%d checks, begun late by %s (half of them), %s (99%%), %s at most."
                        .formatted(polls, time(late.p50Micros()), time(late.p99Micros()), time(late.maxMicros()));
    }

    /// Microseconds with three digits and a unit.
    private static String time(long micros) {
        if (micros < MICROS_PER_MILLI) {
            return micros + "us";
        }
        return micros < MICROS_PER_SECOND
                ? digits(micros / MICROS_PER_MILLI) + "ms"
                : digits(micros / MICROS_PER_SECOND) + "s";
    }

    private static String digits(double value) {
        var format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }
}
