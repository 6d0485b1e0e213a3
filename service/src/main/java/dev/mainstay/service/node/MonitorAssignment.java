package dev.mainstay.service.node;

import dev.mainstay.core.order.Held;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.service.monitors.MonitorName;
import dev.mainstay.service.monitors.MonitorSetup;
import java.util.Set;

/// Decides which monitor hosts a resource.
///
/// What is decided is where it *shall* be; a resource that something runs of stays where it is until it is at
/// rest.
final class MonitorAssignment {
    private MonitorAssignment() {}

    /// What holds on this node alone, until its cluster service ends.
    ///
    /// @param isolated resources whose call ended a monitor
    /// @param isolatedTypes types of which a call that belongs to no resource ended a monitor
    /// @param debugged resources that are looked at with a debugger
    record Local(Set<ResourceId> isolated, Set<TypeName> isolatedTypes, Set<ResourceId> debugged) {
        /// Copies the sets.
        Local {
            isolated = Set.copyOf(isolated);
            isolatedTypes = Set.copyOf(isolatedTypes);
            debugged = Set.copyOf(debugged);
        }
    }

    /// The name of the monitor that shall host a resource.
    static String wanted(Resource resource, TypeSettings type, Local local) {
        var settings = resource.settings();
        if (local.debugged().contains(settings.id())) {
            return MonitorName.ofDebugged(settings.id());
        }
        if (local.isolated().contains(settings.id())) {
            return MonitorName.ofResource(settings.id());
        }
        var choice = settings.monitor() == MonitorChoice.OF_TYPE ? type.monitor() : settings.monitor();
        if (choice != MonitorChoice.SEPARATE && local.isolatedTypes().contains(settings.type())) {
            return MonitorName.ofType(settings.type());
        }
        return switch (choice) {
            case OF_TYPE, SHARED -> MonitorName.DEFAULT;
            case TYPE -> MonitorName.ofType(settings.type());
            case GROUP -> MonitorName.ofGroup(settings.group());
            case SEPARATE -> MonitorName.ofResource(settings.id());
        };
    }

    /// Whether a resource may leave the monitor that holds it: it is offline, or failed and about to be started
    /// again, and the leader knows all that happened to it, so that nothing is decided twice when the next monitor
    /// begins with it anew. One that stays failed stays where it is: elsewhere it would be forgotten why.
    static boolean mayMove(Held held, long sequence, Resource resource, NodeId self) {
        var status = resource.status();
        boolean rests = switch (held.state()) {
            case OFFLINE -> true;
            case FAILED -> held.attempt() < status.attempt() && status.recovery() instanceof Recovery.None;
            case INITIALIZING, ONLINE_PENDING, ONLINE, OFFLINE_PENDING -> false;
        };
        var observed = status.observed();
        return rests && observed.node().equals(self) && observed.sequence() >= sequence;
    }

    /// How the process of that monitor is set up: limits of a type hold where nothing but this type is hosted.
    static MonitorSetup setup(String monitor, TypeSettings type) {
        boolean onlyThisType = monitor.equals(MonitorName.ofType(type.type()))
                || MonitorName.onlyResource(monitor).isPresent();
        if (!onlyThisType) {
            return MonitorSetup.USUAL;
        }
        long heap = type.memoryBytes() > 0 ? type.memoryBytes() : MonitorSetup.USUAL.heapBytes();
        return new MonitorSetup(heap, type.cpuPercent());
    }
}
