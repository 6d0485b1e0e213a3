package dev.mainstay.types.systemd;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.Objections;
import java.util.List;

/// The resource type `systemd`: a unit that only the cluster starts.
///
/// **Source:** the original's Generic Service, whose service must be set to manual start.
public final class SystemdType implements ResourceType {
    private static final long DAY_MILLIS = 24 * 3_600_000L;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "systemd",
            "1.0.0",
            "Keeps a unit of systemd running: online once its start job is done and it is active, failed as soon as"
                    + " systemd tells that it is not. The unit must not be enabled (systemctl disable), because systemd"
                    + " would start it at boot on every node. On the node that owns the group a drop-in makes systemd"
                    + " refuse every start but the cluster's, by hand, by a socket or timer, or because another unit"
                    + " wants it; it also sets Restart=no, and lets the cluster stop before the unit when the machine"
                    + " goes down. If somebody takes the drop-in away and starts the unit while the cluster has it"
                    + " offline, it is killed at once, the drop-in is put back, and mainstay why says so; in maintenance"
                    + " it is only noted. So is a unit killed that runs already when the node gets the group. On other"
                    + " nodes, and at boot before the cluster service, there is no drop-in: units that pull it in start"
                    + " it there. The monitor's log warns of them. No two resources of a node may have the same unit.",
            List.of(
                    required(
                            "unit",
                            Kind.TEXT,
                            "The unit's name; without an ending it is a service. A service of Type=oneshot needs"
                                    + " RemainAfterExit=yes."),
                    optional("bus", Kind.TEXT, "The address of the bus that systemd is on.")
                            .withDefault("unix:path=/run/dbus/system_bus_socket"),
                    optional(
                                    "dropInDirectory",
                                    Kind.TEXT,
                                    "Where systemd looks for drop-ins that are gone after a reboot.")
                            .withDefault("/run/systemd/system"),
                    optional(
                            "journalDirectory",
                            Kind.TEXT,
                            "The folder of the journal that is read when a start fails. Default: this machine's own."),
                    optional(
                                    "killGrace",
                                    Kind.DURATION,
                                    "How long systemd may take to see the unit's processes end after they were"
                                            + " killed.")
                            .withDefault("30s")
                            .within(100, DAY_MILLIS)));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return SystemdResource.open(context);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(
                request,
                properties ->
                        SystemdResource.examine(properties.text("bus"), UnitName.of("", properties.text("unit"))));
    }
}
