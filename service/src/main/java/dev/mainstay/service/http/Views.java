package dev.mainstay.service.http;

import static dev.mainstay.protocol.Limits.LISTED;

import dev.mainstay.api.GroupView;
import dev.mainstay.api.MeasuresView;
import dev.mainstay.api.MonitorView;
import dev.mainstay.api.NodeView;
import dev.mainstay.api.ResourceView;
import dev.mainstay.api.StatusView;
import dev.mainstay.api.TypeView;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.Texts;
import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.manifest.Limits;
import dev.mainstay.service.manifest.Quantity;
import dev.mainstay.service.monitors.MonitorName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Puts one state of the cluster in the form that clients see.
public final class Views {
    private final ClusterState state;
    private final MonitorDesk monitors;
    private final Sentences sentences;

    /// Views of this state.
    ///
    /// @param monitors those of the answering node
    /// @param wallTime what the wall clock says at a moment of cluster time
    public Views(ClusterState state, MonitorDesk monitors, UnaryOperator<Instant> wallTime) {
        this.state = state;
        this.monitors = monitors;
        this.sentences = new Sentences(state, wallTime);
    }

    /// The whole cluster.
    ///
    /// @param shortage why changes cannot be written on the answering node, if so
    public StatusView status(NodeId answering, Optional<NodeId> leader, Optional<String> shortage) {
        var notices = new ArrayList<String>();
        shortage.ifPresent(why -> notices.add("changes are refused on node '%s': %s".formatted(answering, why)));
        notices.addAll(monitors.notices());
        long monitor = monitors.all().stream()
                .filter(one -> one.name().equals(MonitorName.DEFAULT))
                .mapToLong(MonitorView::pid)
                .sum();
        return new StatusView(
                state.name(),
                state.revision(),
                answering.value(),
                leader.map(NodeId::value).orElse(""),
                state.nodes().values().stream()
                        .map(node -> new NodeView(
                                node.id().value(),
                                Sentences.words(node.state()),
                                leader.equals(Optional.of(node.id())),
                                node.id().equals(answering) ? monitor : 0))
                        .toList(),
                state.groups().values().stream().map(this::group).toList(),
                notices);
    }

    /// One group with its resources.
    public GroupView group(Group group) {
        var status = group.status();
        var id = group.settings().id();
        return new GroupView(
                id.value(),
                group.settings().description(),
                Sentences.words(state.stateOf(id)),
                wanted(status.wantedOnline()),
                status.owner().value(),
                status.transfer() instanceof Transfer.To to ? to.target().value() : "",
                status.epoch(),
                status.failovers().size(),
                sentences.of(group),
                DependencyOrder.of(state.resourcesOf(id)).stream()
                        .map(this::listed)
                        .toList());
    }

    /// One resource, with all that is said of it.
    public ResourceView resource(Resource resource) {
        return resource(resource, Integer.MAX_VALUE);
    }

    /// One of many: each of its texts has an end, or a list of them all would have none.
    ResourceView listed(Resource resource) {
        return resource(resource, LISTED);
    }

    private ResourceView resource(Resource resource, int most) {
        var settings = resource.settings();
        var status = resource.status();
        var observed = status.observed();
        var place = monitors.placeOf(settings.id().value());
        var lastKnown = lastKnown(state, resource, monitors);
        var conditions = Sentences.conditions(resource);
        lastKnown.ifPresent(why -> conditions.put("lastKnown", why));
        conditions.replaceAll((_, text) -> Texts.cut(text, most));
        return new ResourceView(
                settings.id().value(),
                settings.group().value(),
                settings.type().value(),
                Sentences.words(observed.state()),
                wanted(state.wantedOnline(resource)),
                state.group(settings.group())
                        .map(group -> group.status().owner().value())
                        .orElse(""),
                time(observed.changedAt()),
                observed.checkpoint(),
                Texts.cut(observed.detail(), most),
                Texts.cut(sentences.recovery(resource), most),
                status.attempt(),
                status.restarts().size(),
                settings.dependency().toString(),
                Texts.cut(sentences.of(resource), most)
                        + lastKnown.map("; last known: "::concat).orElse(""),
                settings.properties(),
                conditions,
                place.map(MonitorDesk.Place::monitor).orElse(""),
                place.map(MonitorDesk.Place::note).orElse(""));
    }

    /// Why what this node shows of a resource is only what was last known, if it is.
    static Optional<String> lastKnown(ClusterState state, Resource resource, MonitorDesk monitors) {
        var observed = resource.status().observed().state();
        if (observed == ResourceState.OFFLINE || observed == ResourceState.INITIALIZING) {
            return Optional.empty();
        }
        return state.group(resource.settings().group())
                .flatMap(group -> monitors.lastKnown(
                        resource.settings().id().value(), group.status().owner().value()));
    }

    /// One resource type.
    ///
    /// @param calls what was measured of its entry points
    static TypeView type(TypeSpec type, List<MeasuresView.CallsView> calls) {
        var abilities = type.abilities();
        return new TypeView(
                type.name(),
                type.version(),
                type.help(),
                duration(type.looksAliveMillis()),
                duration(type.isAliveMillis()),
                duration(type.pendingTimeoutMillis()),
                duration(type.deadlockTimeoutMillis()),
                type.properties().stream()
                        .map(property -> new TypeView.PropertyView(
                                property.name(),
                                property.kind().toLowerCase(Locale.ROOT),
                                property.required(),
                                String.join(" ", property.defaultValue()),
                                Limits.of(property),
                                property.help(),
                                property.applies().toLowerCase(Locale.ROOT).replace('_', ' ')))
                        .toList(),
                abilities.requiredDependencies(),
                plugin(abilities.plugin()),
                abilities.plugin(),
                abilities.spiVersion(),
                type.independent(),
                abilities.resourceClass(),
                abilities.characteristics(),
                abilities.controls().stream().map(Views::control).toList(),
                calls);
    }

    /// A plugin has the name of its folder, or of its jar without the ending.
    private static String plugin(String loadedFrom) {
        return loadedFrom.substring(loadedFrom.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
    }

    private static TypeView.OwnControl control(TypeSpec.ControlSpec control) {
        return new TypeView.OwnControl(
                control.code(),
                control.ofType() ? "type" : "resource",
                control.writes(),
                control.input().stream().map(TypeSpec.PropertySpec::name).toList(),
                control.help());
    }

    /// What a monitor measured.
    static MeasuresView measures(MonitorDesk.Measured measured) {
        var all = measured.measures();
        return new MeasuresView(
                measured.monitor(),
                time(measured.at()),
                measured.fresh(),
                all.calls().stream()
                        .map(call -> new MeasuresView.CallsView(
                                measured.monitor(),
                                call.type(),
                                call.call(),
                                call.count(),
                                call.slow(),
                                spread(call.durations()),
                                call.slowestResource(),
                                timeOfMicros(call.slowestAtMicros()),
                                call.slowestStack()))
                        .toList(),
                all.running().stream()
                        .map(call -> new MeasuresView.RunningView(
                                call.resource(), call.type(), call.call(), timeOfMicros(call.sinceMicros())))
                        .toList(),
                spread(all.pollsLate()),
                all.polls());
    }

    private static MeasuresView.SpreadView spread(Measures.Spread spread) {
        return new MeasuresView.SpreadView(spread.p50(), spread.p90(), spread.p99(), spread.p999(), spread.max());
    }

    private static String timeOfMicros(long micros) {
        return time(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    private static String wanted(boolean online) {
        return online ? "online" : "offline";
    }

    private static String duration(long millis) {
        return Quantity.text(Duration.ofMillis(millis));
    }

    private static String time(Instant time) {
        return time.equals(Instant.EPOCH)
                ? ""
                : time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
