package dev.mainstay.service.http;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.control.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What the API serves.
///
/// @param node the node that answers
/// @param types the types its monitor offers, by name; empty until the monitor is ready
/// @param monitors its resource monitors
/// @param joined whether the cluster has taken note of this start of the node; from then on it stays true
/// @param typeCheck asks the type of a resource that this node hosts
/// @param loadPlugins has its monitors look for plugins again and returns at once
/// @param plugins the folder its monitors look for plugins in
/// @param stop begins to stop the node
public record Surroundings(
        NodeId node,
        Cluster cluster,
        Supplier<Map<String, TypeSpec>> types,
        Facts journal,
        MonitorDesk monitors,
        BooleanSupplier joined,
        TypeCheck typeCheck,
        Runnable loadPlugins,
        Path plugins,
        Stop stop) {
    /// Ends the cluster service of this node.
    @FunctionalInterface
    public interface Stop {
        /// Begins the end and returns at once.
        ///
        /// @param keep whether the monitors go on with the resources
        /// @param actor who asked for it
        /// @return how long monitors keep what they keep
        Duration begin(boolean keep, String actor);
    }
}
