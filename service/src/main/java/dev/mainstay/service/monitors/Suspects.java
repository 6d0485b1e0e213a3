package dev.mainstay.service.monitors;

import dev.mainstay.protocol.MarkedCalls;
import dev.mainstay.protocol.MarkedCalls.MarkedCall;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose calls may have ended a monitor that crashed.
///
/// One resource, or one type, whose calls alone were under way is to blame; of several none is, until one of them
/// is suspected again.
///
/// @param all resources, and types by themselves, of which calls were under way, longest first
/// @param oneIsToBlame whether it was one of them at all, and nothing from outside
public record Suspects(List<Suspect> all, boolean oneIsToBlame) {
    /// Nobody.
    public static final Suspects NONE = new Suspects(List.of(), false);

    /// A monitor that ends because of what it knows itself leaves evidence; see [Evidence].
    private static final int GAVE_UP = 70;

    private static final int SIGNALS = 128;

    /// Signals that a process brings upon itself: ILL, TRAP, ABRT, BUS, FPE, SEGV, XCPU, XFSZ, SYS. The others are
    /// sent by somebody: an operator, or the kernel when the machine has no memory left.
    private static final Set<Integer> FAULTS = Set.of(4, 5, 6, 7, 8, 11, 24, 25, 31);

    /// Named in a sentence at most.
    private static final int NAMED_MAX = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Suspects.class);

    /// Copies the list.
    public Suspects {
        all = List.copyOf(all);
    }

    /// Whose calls were under way.
    ///
    /// @param resource its name, or empty when calls of the type itself were
    /// @param call the call that lasted longest
    public record Suspect(String resource, String type, String call, Instant since) {
        private String words() {
            if (call.isEmpty()) {
                return "something of resource '%s'".formatted(resource);
            }
            return resource.isEmpty()
                    ? "entry point '%s' of type '%s'".formatted(call, type)
                    : "entry point '%s' of resource '%s' (type '%s')".formatted(call, resource, type);
        }
    }

    /// What the marks of a dead process say.
    ///
    /// @param folder the monitor's own
    /// @param exit its exit code, where signals count from 128 on; empty when it is not known
    static Suspects of(Path folder, ProcessRef process, OptionalInt exit) {
        boolean fault = exit.isPresent()
                && (exit.getAsInt() > SIGNALS ? FAULTS.contains(exit.getAsInt() - SIGNALS) : exit.getAsInt() != 0);
        boolean fromOutside = exit.isPresent() && exit.getAsInt() > SIGNALS && !fault;
        if (fromOutside || exit.equals(OptionalInt.of(GAVE_UP))) {
            return NONE;
        }
        try {
            var marked = MarkedCalls.read(folder.resolve(MarkedCalls.FILE));
            return marked.process().equals(process) ? new Suspects(distinct(marked.underway()), fault) : NONE;
        } catch (NoSuchFileException unmarked) {
            return NONE;
        } catch (IOException | MalformedException e) {
            LOG.warn("look which calls were under way in '{}': {}", folder, e.getMessage());
            return NONE;
        }
    }

    private static List<Suspect> distinct(List<MarkedCall> underway) {
        var longest = new LinkedHashMap<String, MarkedCall>();
        underway.forEach(call -> longest.putIfAbsent(call.resource() + "/" + call.type(), call));
        return longest.values().stream()
                .map(call -> new Suspect(
                        call.resource(),
                        call.type(),
                        call.call(),
                        Instant.EPOCH
                                .plus(call.sinceMicros(), ChronoUnit.MICROS)
                                .truncatedTo(ChronoUnit.MILLIS)))
                .toList();
    }

    /// The one that is to blame, if that is known.
    public Optional<Suspect> culprit() {
        return oneIsToBlame && all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    /// What was under way, to follow upon how the monitor ended; empty when nothing was.
    String words() {
        if (all.isEmpty()) {
            return "";
        }
        if (culprit().isPresent()) {
            var one = all.getFirst();
            return " while %s was under way (since %s)".formatted(one.words(), one.since());
        }
        var named = all.stream().limit(NAMED_MAX).map(Suspect::words).collect(Collectors.joining(", "));
        return " while calls of %d were under way (%s%s): it is not known which of them ended it, or whether one did. Whoever is among them at another crash within an hour gets a monitor of its own"
                .formatted(
                        all.size(),
                        named,
                        all.size() > NAMED_MAX ? " and %d more".formatted(all.size() - NAMED_MAX) : "");
    }
}
