package dev.mainstay.service.manifest;

import dev.mainstay.api.PlanView;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.protocol.TypeSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What has to change so that the cluster is as a manifest says.
///
/// Groups of the manifest are added or changed, with their resources; a resource of such a group that the
/// manifest does not list is deleted. Groups that the manifest does not name stay as they are.
///
/// @param changes in an order in which they can be made: providers before dependents, deletions last
/// @param configRevision the configuration revision it was compared with
public record Plan(long configRevision, List<Change> changes, List<PlanView.Change> described) {
    /// Copies the lists.
    public Plan {
        changes = List.copyOf(changes);
        described = List.copyOf(described);
    }

    /// Compares a manifest with the cluster.
    ///
    /// @param types resource types by name; they know when a changed property takes effect
    public static Plan of(Manifest manifest, ClusterState state, Map<String, TypeSpec> types) {
        var draft = new Draft(state, types);
        manifest.types().forEach(draft::type);
        manifest.groups().forEach(draft::group);
        manifest.groups().forEach(draft::deletions);
        return new Plan(state.configRevision(), draft.changes, draft.described);
    }

    /// What changing the settings of one resource means.
    static Plan of(ResourceSettings wanted, ClusterState state, Map<String, TypeSpec> types) {
        var draft = new Draft(state, types);
        state.resource(wanted.id()).ifPresent(present -> draft.change(present, wanted));
        return new Plan(state.configRevision(), draft.changes, draft.described);
    }

    /// The command that makes all changes or none.
    public Command.Configure command() {
        return new Command.Configure(changes, configRevision);
    }

    /// The plan as a client sees it before it is applied.
    public PlanView view() {
        return new PlanView(false, configRevision, described);
    }

    /// The plan as a client sees it after it is applied.
    ///
    /// @param reached the configuration revision that it led to
    public PlanView applied(long reached) {
        return new PlanView(true, reached, described);
    }

    private static final class Draft {
        private final ClusterState state;
        private final Map<String, TypeSpec> types;
        private final List<Change> changes = new ArrayList<>();
        private final List<PlanView.Change> described = new ArrayList<>();

        Draft(ClusterState state, Map<String, TypeSpec> types) {
            this.state = state;
            this.types = types;
        }

        void type(TypeSettings wanted) {
            var present = state.typeSettings(wanted.type());
            if (!present.equals(wanted)) {
                changes.add(new Change.PutType(wanted));
                described.add(new PlanView.Change(
                        "change",
                        "type",
                        wanted.type().value(),
                        Differences.of(present, wanted),
                        "takes effect for each resource at its next online; nothing is stopped"));
            }
        }

        void group(ManifestGroup wanted) {
            var id = wanted.settings().id();
            var present = state.group(id);
            if (present.isEmpty()) {
                var follows = wanted.online() ? "it is brought online" : "it stays offline";
                put(wanted, "add", Differences.of(wanted.settings()), follows);
            } else if (!present.get().settings().equals(wanted.settings())) {
                put(
                        wanted,
                        "change",
                        Differences.of(present.get().settings(), wanted.settings()),
                        "takes effect at the next failure; nothing is stopped");
            }
            providersFirst(wanted.resources()).forEach(resource -> resource(resource, wanted));
        }

        private void resource(ResourceSettings wanted, ManifestGroup group) {
            var present = state.resource(wanted.id());
            if (present.isEmpty()) {
                var groupOnline = state.group(group.settings().id())
                        .map(found -> found.status().wantedOnline())
                        .orElse(group.online());
                put(wanted, "add", Differences.of(wanted), groupOnline ? "it is brought online" : "it stays offline");
            } else {
                change(present.get(), wanted);
            }
        }

        void change(Resource present, ResourceSettings wanted) {
            if (!present.settings().equals(wanted)) {
                var effect = new Effect(
                        state,
                        present,
                        Optional.ofNullable(types.get(wanted.type().value())));
                var details = Differences.of(present.settings(), wanted, effect);
                put(wanted, "change", details, effect.of(wanted));
            }
        }

        void deletions(ManifestGroup wanted) {
            var kept = new HashSet<ResourceId>();
            wanted.resources().forEach(resource -> kept.add(resource.id()));
            var gone = state.resourcesOf(wanted.settings().id()).stream()
                    .filter(resource -> !kept.contains(resource.settings().id()))
                    .toList();
            var settings = gone.stream().map(resource -> resource.settings()).toList();
            for (var resource : providersFirst(settings).reversed()) {
                var rests = state.resource(resource.id())
                        .map(found -> found.status().observed().state().atRest())
                        .orElse(true);
                changes.add(new Change.DeleteResource(resource.id()));
                described.add(new PlanView.Change(
                        "delete",
                        "resource",
                        resource.id().value(),
                        List.of("type: %s".formatted(resource.type())),
                        rests ? "nothing of it runs" : "it must be taken offline first"));
            }
        }

        private void put(ManifestGroup wanted, String action, List<String> details, String consequence) {
            changes.add(new Change.PutGroup(wanted.settings(), wanted.online()));
            var name = wanted.settings().id().value();
            described.add(new PlanView.Change(action, "group", name, details, consequence));
        }

        private void put(ResourceSettings settings, String action, List<String> details, String consequence) {
            changes.add(new Change.PutResource(settings));
            described.add(new PlanView.Change(action, "resource", settings.id().value(), details, consequence));
        }

        private static List<ResourceSettings> providersFirst(List<ResourceSettings> resources) {
            var byId = new LinkedHashMap<ResourceId, ResourceSettings>();
            resources.forEach(resource -> byId.put(resource.id(), resource));
            var sorted = new ArrayList<ResourceSettings>();
            var seen = new HashSet<ResourceId>();
            // Without recursion: a chain may be as long as there are resources.
            var path = new ArrayDeque<Visit>();
            for (var resource : resources) {
                var here = seen.add(resource.id()) ? resource : null;
                while (here != null || !path.isEmpty()) {
                    if (here != null) {
                        path.push(new Visit(here, here.dependency().providers().iterator()));
                    }
                    var visit = path.element();
                    var provider = visit.providers.hasNext() ? visit.providers.next() : null;
                    here = provider != null && byId.containsKey(provider) && seen.add(provider)
                            ? byId.get(provider)
                            : null;
                    if (provider == null) {
                        sorted.add(path.pop().resource);
                    }
                }
            }
            return sorted;
        }

        /// A resource on the way, and its providers that are still to be looked at.
        private record Visit(ResourceSettings resource, Iterator<ResourceId> providers) {}
    }
}
