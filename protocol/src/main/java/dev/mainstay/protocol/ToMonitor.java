package dev.mainstay.protocol;

import java.util.List;
import java.util.Map;

/// What the cluster service says to a resource monitor.
///
/// Orders are level-triggered: each may be sent again at any time and then changes nothing.
public sealed interface ToMonitor extends Message {
    /// Accepts a monitor.
    ///
    /// @param version the protocol version chosen
    /// @param sessionKey what the monitor presents instead of its one-time token when it connects again
    /// @param holdMillis how long the monitor keeps its resources after it lost the service, in milliseconds
    record Welcome(int version, String sessionKey, long holdMillis) implements ToMonitor {
        /// Checks what is computed with.
        public Welcome {
            Permitted.millis("the hold time", holdMillis);
        }
    }

    /// Refuses a monitor; it takes its resources offline and exits.
    record Refused(String reason) implements ToMonitor {}

    /// Tells how far the start of the cluster service is; every type hears it as a control.
    ///
    /// @param phase 1: it is starting and cannot be asked; 2: it has started and can be asked
    /// @param forms whether this node forms the cluster, instead of joining others
    /// @param first whether this version of the service runs for the first time on this node
    /// @param node the name of this node
    record Starting(int phase, boolean forms, boolean first, String node) implements ToMonitor {}

    /// Makes the monitor host a resource with these settings; settings of an open resource take effect as their
    /// properties say, at the latest at its next open.
    ///
    /// @param endLeftover whether what an earlier monitor left running is ended instead of adopted: its processes
    ///     are killed first, then the type terminates it; the resource counts as failed with this text as its
    ///     detail. Empty to adopt.
    /// @param sequence the sequence number last reported of it; the monitor goes on above it
    record Open(ResourceSpec spec, String endLeftover, long sequence) implements ToMonitor {
        /// Checks what is computed with.
        public Open {
            Permitted.count("the sequence number", sequence);
        }

        /// Adopts what an earlier monitor left.
        public Open(ResourceSpec spec) {
            this(spec, "", 0);
        }
    }

    /// Makes the monitor forget a resource, terminating it first if need be.
    record Close(String resource, String reason) implements ToMonitor {
        /// Checks what is computed with.
        public Close {
            Permitted.name("the resource", resource);
        }
    }

    /// Brings a resource online.
    ///
    /// @param epoch the group's epoch: an order with an older one than the monitor knows is refused
    /// @param attempt number of the permitted start: a resource that failed in this attempt is not started again
    ///     by it
    /// @param reason name of a reason of the resource type contract
    record Online(String resource, long epoch, long attempt, String reason) implements ToMonitor {
        /// Checks what is computed with.
        public Online {
            Permitted.name("the resource", resource);
            Permitted.count("the epoch", epoch);
            Permitted.count("the attempt", attempt);
        }
    }

    /// Takes a resource offline cleanly.
    record Offline(String resource, long epoch, String reason) implements ToMonitor {
        /// Checks what is computed with.
        public Offline {
            Permitted.name("the resource", resource);
            Permitted.count("the epoch", epoch);
        }
    }

    /// Ends a resource at once and marks it failed, as if a check had found it dead.
    record Fail(String resource, String reason) implements ToMonitor {
        /// Checks what is computed with.
        public Fail {
            Permitted.name("the resource", resource);
        }
    }

    /// Asks a control of a resource or, when `resource` is empty, of a type.
    ///
    /// @param id comes back with the answer
    /// @param limitMillis how long the service waits, in milliseconds, unless the answer is postponed
    /// @param notice whether the service itself sends it; only then a control of internal origin is taken
    record Control(
            long id,
            String resource,
            String type,
            String code,
            Map<String, List<String>> input,
            long limitMillis,
            boolean notice)
            implements ToMonitor {
        /// Checks what is computed with.
        public Control {
            Permitted.nameOrNone("the resource", resource);
            Permitted.millis("the limit", limitMillis);
        }

        /// A control that somebody sent through the service.
        public Control(
                long id, String resource, String type, String code, Map<String, List<String>> input, long limitMillis) {
            this(id, resource, type, code, input, limitMillis, false);
        }
    }

    /// Answers [ToService.Query].
    ///
    /// @param error what is wrong, or empty
    /// @param answer of RESOURCE and GROUP `state` and `owner`, of NODES_UP `nodes`, of STORE nothing
    record QueryAnswer(long id, String error, Map<String, List<String>> answer) implements ToMonitor {}

    /// The cluster service is alive and its control of resources goes on; the monitor answers at once.
    ///
    /// @param number comes back with the answer
    /// @param periodMillis when the next one comes at the latest, in milliseconds
    /// @param silenceMillis after so long without one the connection is of no use, in milliseconds
    record Beat(long number, long periodMillis, long silenceMillis) implements ToMonitor {
        /// Checks what is computed with.
        public Beat {
            Permitted.within("the period of beats", periodMillis, 1, silenceMillis);
            Permitted.millis("the silence", silenceMillis);
        }
    }

    /// Asks what the monitor measured, see [ToService.Measures].
    record AskMeasures(long id) implements ToMonitor {}

    /// Makes the monitor look at its folders of plugins again; an inventory follows.
    record LoadPlugins() implements ToMonitor {}

    /// Asks for everything the monitor holds, see [ToService.Inventory].
    record Ask() implements ToMonitor {}

    /// Takes everything offline, dependents first, and ends the monitor.
    record Stop(String reason) implements ToMonitor {}
}
