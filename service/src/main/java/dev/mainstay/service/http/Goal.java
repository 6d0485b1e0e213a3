package dev.mainstay.service.http;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.Words;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/// What a client that waits wants to be reached.
@FunctionalInterface
interface Goal {
    /// How far it is.
    enum Outcome {
        DONE,
        FAILED,
        PENDING
    }

    /// How far it is and what is so now.
    ///
    /// @param resources whose state it was judged by
    record Progress(Outcome outcome, String message, List<Resource> resources) {
        /// Judged by nothing that a monitor tells.
        Progress(Outcome outcome, String message) {
            this(outcome, message, List.of());
        }
    }

    /// Judges one state.
    Progress of(ClusterState state);

    /// Reached at once, with a sentence.
    static Goal reached(String message) {
        return state -> new Progress(Outcome.DONE, message);
    }

    /// All resources of a group are online.
    static Goal online(GroupId id) {
        return group(
                id,
                (state, group) ->
                        stays(group) && state.resourcesOf(id).stream().allMatch(resource -> isOnline(resource)),
                true);
    }

    /// Nothing of a group runs.
    static Goal offline(GroupId id) {
        return group(
                id,
                (state, group) -> state.resourcesOf(id).stream().allMatch(resource -> isOffline(state, resource)),
                false);
    }

    /// A group is on a node and as it is wanted to be.
    static Goal moved(GroupId id, NodeId target) {
        return group(
                id,
                (state, group) -> stays(group)
                        && group.status().owner().equals(target)
                        && state.resourcesOf(id).stream()
                                .allMatch(resource -> state.wantedOnline(resource)
                                        ? isOnline(resource)
                                        : stateOf(resource).atRest()),
                true);
    }

    /// A resource is online.
    static Goal online(ResourceId id) {
        return resource(id, (_, resource) -> isOnline(resource), true);
    }

    /// Nothing of a resource runs.
    static Goal offline(ResourceId id) {
        return resource(id, Goal::isOffline, false);
    }

    /// What was to be restarted of a group is online again.
    static Goal restarted(GroupId id) {
        return group(
                id,
                (state, group) -> stays(group)
                        && state.resourcesOf(id).stream()
                                .filter(state::wantedOnline)
                                .allMatch(Goal::isOnlineForGood),
                true);
    }

    /// A resource that was to be restarted is online again.
    static Goal restarted(ResourceId id) {
        return resource(id, (_, resource) -> isOnlineForGood(resource), true);
    }

    /// A resource is as it is wanted to be, unless something stands in the way that waits for an operator.
    static Goal settled(ResourceId id) {
        return resource(id, Goal::isSettled, true);
    }

    /// All resources of a group are as they are wanted to be.
    static Goal settled(GroupId id) {
        return group(
                id,
                (state, group) -> state.resourcesOf(id).stream().allMatch(resource -> isSettled(state, resource)),
                true);
    }

    private static boolean isSettled(ClusterState state, Resource resource) {
        return isOnline(resource)
                || !state.mayRun(resource)
                || resource.status().heldBack();
    }

    /// This goal, which nothing reaches by what was last known of a resource whose monitor is not there to say.
    default Goal heardBy(MonitorDesk monitors) {
        return state -> {
            var progress = of(state);
            var unheard = progress.resources().stream()
                    .flatMap(resource -> Views.lastKnown(state, resource, monitors)
                            .map(why -> "of resource '%s' this is last known: %s"
                                    .formatted(resource.settings().id(), why))
                            .stream())
                    .findFirst();
            return unheard.map(why -> new Progress(Outcome.PENDING, progress.message() + "; " + why))
                    .orElse(progress);
        };
    }

    /// This goal with words before what it says.
    default Goal after(String words) {
        return state -> {
            var progress = of(state);
            return new Progress(progress.outcome(), words + "; " + progress.message(), progress.resources());
        };
    }

    /// A resource is online again after a failure.
    ///
    /// @param attempt its attempt before it failed
    static Goal recovered(ResourceId id, long attempt) {
        return resource(
                id,
                (_, resource) ->
                        isOnline(resource) && resource.status().observed().attempt() > attempt,
                true);
    }

    private static Goal group(GroupId id, BiPredicate<ClusterState, Group> reached, boolean failureEnds) {
        return state -> {
            var group = state.group(id);
            if (group.isEmpty()) {
                return new Progress(Outcome.FAILED, "group '%s' does not exist any more".formatted(id));
            }
            var message = "group '%s' is %s on node '%s': %s"
                    .formatted(
                            id,
                            Sentences.words(state.stateOf(id)),
                            group.get().status().owner(),
                            new Sentences(state).of(group.get()) + underWay(state, id));
            if (reached.test(state, group.get())) {
                return new Progress(Outcome.DONE, message, List.copyOf(state.resourcesOf(id)));
            }
            var failed = failureEnds
                    && stays(group.get())
                    && state.resourcesOf(id).stream().anyMatch(Goal::hasFailedForNow);
            return new Progress(failed ? Outcome.FAILED : Outcome.PENDING, message, List.copyOf(state.resourcesOf(id)));
        };
    }

    private static Goal resource(ResourceId id, BiPredicate<ClusterState, Resource> reached, boolean failureEnds) {
        return state -> {
            Optional<Resource> resource = state.resource(id);
            if (resource.isEmpty()) {
                return new Progress(Outcome.FAILED, "resource '%s' does not exist any more".formatted(id));
            }
            var message =
                    "resource '%s' %s%s".formatted(id, new Sentences(state).of(resource.get()), since(resource.get()));
            if (reached.test(state, resource.get())) {
                return new Progress(Outcome.DONE, message, List.of(resource.get()));
            }
            var concerned = resource.get().settings().dependency().providers();
            concerned.add(id);
            var failed = failureEnds
                    && concerned.stream()
                            .flatMap(one -> state.resource(one).stream())
                            .anyMatch(Goal::hasFailedForNow);
            return new Progress(failed ? Outcome.FAILED : Outcome.PENDING, message, List.of(resource.get()));
        };
    }

    /// What of a group is on its way, and for how long already.
    private static String underWay(ClusterState state, GroupId id) {
        return state.resourcesOf(id).stream()
                .filter(resource -> !since(resource).isEmpty())
                .map(resource ->
                        "; resource '%s'%s".formatted(resource.settings().id(), since(resource)))
                .collect(Collectors.joining());
    }

    private static String since(Resource resource) {
        return switch (stateOf(resource)) {
            case ONLINE_PENDING, OFFLINE_PENDING ->
                " (%s since %s)"
                        .formatted(
                                Sentences.words(stateOf(resource)),
                                Words.of(resource.status().observed().changedAt()));
            case INITIALIZING, OFFLINE, ONLINE, FAILED -> "";
        };
    }

    private static boolean stays(Group group) {
        return group.status().transfer() instanceof Transfer.None;
    }

    private static boolean isOnline(Resource resource) {
        return stateOf(resource) == ResourceState.ONLINE;
    }

    /// A failure of what nobody wants online any more is settled by its monitor: until then a start that was
    /// permitted before may still be on its way. A node that is down settles nothing.
    private static boolean isOffline(ClusterState state, Resource resource) {
        return switch (stateOf(resource)) {
            case OFFLINE -> true;
            case FAILED ->
                state.group(resource.settings().group())
                        .flatMap(group -> state.node(group.status().owner()))
                        .filter(owner -> owner.state() != Node.State.DOWN)
                        .isEmpty();
            case INITIALIZING, ONLINE_PENDING, ONLINE, OFFLINE_PENDING -> false;
        };
    }

    private static boolean isOnlineForGood(Resource resource) {
        return isOnline(resource) && !resource.status().restarting();
    }

    private static ResourceState stateOf(Resource resource) {
        return resource.status().observed().state();
    }

    private static boolean hasFailedForNow(Resource resource) {
        return stateOf(resource) == ResourceState.FAILED
                && (resource.status().recovery() instanceof Recovery.StayFailed
                        || resource.status().recovery() instanceof Recovery.RetryAt);
    }
}
