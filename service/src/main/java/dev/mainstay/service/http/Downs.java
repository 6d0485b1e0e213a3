package dev.mainstay.service.http;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of that which runs a command takes down, for a while or for good.
final class Downs {
    private Downs() {}

    /// In words behind the answer to a dry run, or empty when nothing goes down.
    static String of(ClusterState state, Command command) {
        var down = all(state, command)
                .filter(resource -> !resource.status().observed().state().atRest())
                .map(resource -> "'%s'".formatted(resource.settings().id()))
                .collect(Collectors.joining(", "));
        return down.isEmpty() ? "" : "; this goes down with it: " + down;
    }

    private static Stream<Resource> all(ClusterState state, Command command) {
        return switch (command) {
            case Command.OfflineGroup(var group, var _) -> of(state, group);
            case Command.RestartGroup(var group, var _) -> of(state, group);
            case Command.MoveGroup(var group, var _, var _) -> of(state, group);
            case Command.OfflineResource(var resource, var _) -> needing(state, resource);
            case Command.RestartResource(var resource, var _) -> needing(state, resource);
            case Command.FailResource(var resource) -> needing(state, resource);
            case Command.StopCluster _ -> state.resources().values().stream();
            case Command.StartNode _,
                    Command.StopNode _,
                    Command.LeaveNode _,
                    Command.RegisterTypes _,
                    Command.Configure _,
                    Command.OnlineGroup _,
                    Command.OnlineResource _,
                    Command.ResetResource _,
                    Command.ResetGroup _,
                    Command.Maintain _,
                    Command.ReportResources _,
                    Command.PassDeadline _ -> Stream.empty();
        };
    }

    private static Stream<Resource> of(ClusterState state, GroupId group) {
        return state.resourcesOf(group).stream();
    }

    /// The resource and, one after another, what depends on it.
    private static Stream<Resource> needing(ClusterState state, ResourceId id) {
        var group = state.resource(id)
                .map(found -> state.resourcesOf(found.settings().group()))
                .orElse(List.of());
        Set<ResourceId> down = new HashSet<>(Set.of(id));
        for (var before = 0; before < down.size(); ) {
            before = down.size();
            for (var one : group) {
                // Of `a or b` the other one may hold it up.
                if (one.settings().dependency().all().stream()
                        .anyMatch(any -> any.any().stream()
                                .allMatch(provider -> down.contains(provider) || !isOnline(state, provider)))) {
                    down.add(one.settings().id());
                }
            }
        }
        return group.stream().filter(one -> down.contains(one.settings().id()));
    }

    private static boolean isOnline(ClusterState state, ResourceId id) {
        return state.resource(id)
                .filter(found -> !found.status().observed().state().atRest())
                .isPresent();
    }
}
