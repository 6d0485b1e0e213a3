package dev.mainstay.protocol;

import java.util.List;
import java.util.Map;

/// What a resource monitor says to its cluster service.
public sealed interface ToService extends Message {
    /// First frame of a monitor.
    ///
    /// @param oldestVersion oldest protocol version it speaks
    /// @param newestVersion newest protocol version it speaks
    /// @param monitor its name on this node, such as `default`
    /// @param credential the one-time token from its standard input, or the session key when it connects again
    /// @param process who it is
    record Hello(int oldestVersion, int newestVersion, String monitor, String credential, ProcessRef process)
            implements ToService {
        /// A process by pid, start time in ticks since boot, and boot id.
        public record ProcessRef(long pid, long startTicks, String bootId) {}
    }

    /// Everything the monitor holds: sent after [ToMonitor.Welcome] and on [ToMonitor.Ask].
    ///
    /// @param types the resource types it has loaded
    /// @param held the resources it hosts
    /// @param refused what it could not load as a type, each with the reason
    record Inventory(List<TypeSpec> types, List<HeldResource> held, List<String> refused) implements ToService {
        /// Copies the lists.
        public Inventory {
            types = List.copyOf(types);
            held = List.copyOf(held);
            refused = List.copyOf(refused);
        }

        /// An inventory of a monitor that could load everything.
        public Inventory(List<TypeSpec> types, List<HeldResource> held) {
            this(types, held, List.of());
        }
    }

    /// A part of an inventory that is too large for one frame: [Inventory] itself is the last part.
    record InventoryPart(List<TypeSpec> types, List<HeldResource> held, List<String> refused) implements ToService {
        /// Copies the lists.
        public InventoryPart {
            types = List.copyOf(types);
            held = List.copyOf(held);
            refused = List.copyOf(refused);
        }
    }

    /// The state of one resource changed.
    record Report(HeldResource held) implements ToService {}

    /// A resource is closed and no longer hosted.
    record Closed(String resource) implements ToService {
        /// Checks what is computed with.
        public Closed {
            Permitted.name("the resource", resource);
        }
    }

    /// The answer to [ToMonitor.Control].
    ///
    /// @param result DONE; NOT_SUPPORTED: neither the type nor the monitor knows it; FAILED
    /// @param output the answer, by name
    /// @param error what is wrong, when it failed
    record ControlDone(long id, Result result, Map<String, List<String>> output, String error) implements ToService {
        /// How a control ended.
        public enum Result {
            /// It was done.
            DONE,
            /// Neither the type nor the monitor knows it.
            NOT_SUPPORTED,
            /// It failed, or was refused.
            FAILED
        }
    }

    /// A control goes on in a worker and may take `limitMillis` from now on.
    record ControlExtended(long id, long limitMillis) implements ToService {
        /// Checks what is computed with.
        public ControlExtended {
            Permitted.millis("the limit", limitMillis);
        }
    }

    /// A question of a resource type about the cluster.
    ///
    /// @param id comes back with the answer
    /// @param resource the resource that asks, or empty for a type
    /// @param what RESOURCE, GROUP, NODES_UP or STORE
    /// @param name the name of what is asked for
    /// @param value the value to store
    record Query(long id, String resource, String what, String name, List<String> value) implements ToService {
        /// Checks what is computed with.
        public Query {
            Permitted.nameOrNone("the resource", resource);
        }
    }

    /// The answer to [ToMonitor.Beat]: the monitor reads, its timers go on, and it writes.
    record Beat(long number) implements ToService {}

    /// What the monitor measured since its start.
    ///
    /// @param id of the question
    /// @param calls one entry for each type and entry point that was called
    /// @param running calls under way now
    /// @param pollsLate by how much checks began later than planned
    /// @param polls how many checks began
    record Measures(long id, List<CallMeasure> calls, List<RunningCall> running, Spread pollsLate, long polls)
            implements ToService {
        /// The calls of one entry point of one type.
        ///
        /// @param count how many calls ended
        /// @param slow how many of them took over 300 ms
        /// @param durations how long they took
        /// @param slowestResource the resource of the longest call
        /// @param slowestAtMicros when the longest call ended, in microseconds since 1970
        /// @param slowestStack where the thread stood when the longest slow call went over 300 ms, or empty
        public record CallMeasure(
                String type,
                String call,
                long count,
                long slow,
                Spread durations,
                String slowestResource,
                long slowestAtMicros,
                String slowestStack) {}

        /// How times are spread, in microseconds.
        ///
        /// @param p999 99.9 % are at most this
        /// @param max the longest
        public record Spread(long p50, long p90, long p99, long p999, long max) {}

        /// A call under way.
        ///
        /// @param sinceMicros when it began, in microseconds since 1970
        public record RunningCall(String resource, String type, String call, long sinceMicros) {}
    }

    /// The monitor cannot go on: it gathers its evidence, tells what happened, and ends.
    ///
    /// @param why in a line
    record Doomed(String why) implements ToService {}

    /// A call did not return within its deadlock timeout; the monitor ends right after this.
    ///
    /// @param resource whose call it is, or empty for a call of the type
    /// @param type its type
    /// @param call the entry point
    /// @param sinceMicros when the call began, in microseconds since 1970
    /// @param limitMillis the deadlock timeout, in milliseconds
    /// @param evidence path of the file that holds the evidence, or empty when it could not be written
    /// @param summary the evidence in a line
    record Deadlocked(
            String resource,
            String type,
            String call,
            long sinceMicros,
            long limitMillis,
            String evidence,
            String summary)
            implements ToService {
        /// Checks what is computed with.
        public Deadlocked {
            Permitted.nameOrNone("the resource", resource);
            Permitted.name("the type", type);
            Permitted.micros("the begin of the call", sinceMicros);
            Permitted.millis("the limit", limitMillis);
        }
    }

    /// A line for the node's log.
    ///
    /// @param level name of a `System.Logger.Level`
    /// @param resource the resource it speaks of, or empty
    record LogLine(String level, String resource, String text) implements ToService {}
}
