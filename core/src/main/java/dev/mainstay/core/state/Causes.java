package dev.mainstay.core.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Why a resource stops or waits though nobody asked that of it: what it needs is not there.
///
/// Follows dependencies to where the trouble began, so that whoever reads of a database that is stopped reads of
/// the address that was lost.
///
/// **Threads:** one.
public final class Causes {
    /// Evidence may be pages of output; the resource itself shows all of it.
    private static final int LONGEST_EVIDENCE = 160;

    /// Who reads of what is further away has nearer things to look at.
    private static final int STEPS_MAX = 64;

    private final ClusterState state;
    private final Function<ResourceId, Optional<Observed>> seen;
    private final Map<ResourceId, Boolean> serving = new HashMap<>();

    /// @param seen what was seen last of a resource
    public Causes(ClusterState state, Function<ResourceId, Optional<Observed>> seen) {
        this.state = state;
        this.seen = seen;
    }

    /// By what the state says was seen last.
    public Causes(ClusterState state) {
        this(state, id -> state.resource(id).map(one -> one.status().observed()));
    }

    /// Such as `ip, which it needs, failed (address 10.0.0.1 is not there)`; empty when it has all that it needs.
    public Optional<String> lacking(Resource resource) {
        return missing(resource, 0).map(this::followed);
    }

    /// The same where it will not come by itself within a moment: what it needs failed, or somebody stopped that.
    public Optional<String> blocking(Resource resource) {
        return missing(resource, 0)
                .filter(provider -> {
                    var root = root(provider);
                    return is(id(root)) == ResourceState.FAILED || !state.mayRun(root);
                })
                .map(this::followed);
    }

    private Optional<Resource> missing(Resource resource, int steps) {
        for (var one : resource.settings().dependency().all()) {
            if (one.any().stream().noneMatch(id -> serves(id, steps + 1))) {
                return state.resource(one.any().getFirst());
            }
        }
        return Optional.empty();
    }

    /// Whether it is online and stays so: what lacks something itself is about to stop.
    private boolean serves(ResourceId id, int steps) {
        var known = serving.get(id);
        if (known != null) {
            return known;
        }
        boolean serves = is(id) == ResourceState.ONLINE
                && state.resource(id)
                        .filter(state::mayRun)
                        .filter(one -> steps >= STEPS_MAX || missing(one, steps).isEmpty())
                        .isPresent();
        serving.put(id, serves);
        return serves;
    }

    private String followed(Resource provider) {
        var root = root(provider);
        var role = root.equals(provider) ? "which it needs" : "which it needs by way of " + id(provider);
        return "%s, %s, %s".formatted(id(root), role, trouble(root));
    }

    /// Where the trouble began.
    private Resource root(Resource provider) {
        var root = provider;
        for (int step = 0; step < STEPS_MAX; step++) {
            if (is(id(root)) == ResourceState.FAILED || !state.mayRun(root)) {
                return root;
            }
            var next = missing(root, step);
            if (next.isEmpty()) {
                return root;
            }
            root = next.get();
        }
        return root;
    }

    private String trouble(Resource resource) {
        var status = resource.status();
        var now = is(id(resource));
        if (now == ResourceState.FAILED) {
            var evidence = seen.apply(id(resource))
                    .map(Observed::detail)
                    .map(Causes::brief)
                    .orElse("");
            return evidence.isEmpty() ? "failed" : "failed (%s)".formatted(evidence);
        }
        if (status.restarting()) {
            return "is restarted by command";
        }
        if (status.wanted() == ResourceStatus.Wanted.OFFLINE) {
            return "was commanded offline";
        }
        return "is " + Words.of(now);
    }

    private ResourceState is(ResourceId id) {
        return seen.apply(id).map(Observed::state).orElse(ResourceState.INITIALIZING);
    }

    private static ResourceId id(Resource resource) {
        return resource.settings().id();
    }

    private static String brief(String evidence) {
        var first = evidence.lines().findFirst().orElse("").strip();
        return first.length() <= LONGEST_EVIDENCE ? first : first.substring(0, LONGEST_EVIDENCE) + " ...";
    }
}
