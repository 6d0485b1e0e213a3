package dev.mainstay.types.ocf;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.Objections;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The resource type `ocf`: calls a resource agent, as the clusters of the Open Cluster Framework do.
///
/// **Entry points:** open asks the agent for its meta-data, checks the parameters and stops what runs though
/// the cluster did not bring it online: other types leave alone what their claim does not name, but an agent
/// tells no more of what it finds than that it is this resource, and two nodes must not have it; online is
/// `validate-all`, `start` and `monitor`; offline and terminate are `stop`, the end of all processes that it
/// left, and `monitor`; LooksAlive is `monitor` of level 0, IsAlive of the deepest level.
/// **Source:** OCF Resource Agent API 1.1.
public final class OcfType implements ResourceType {
    private static final long MINUTE_MILLIS = 60_000;
    private static final long START_MILLIS_MAX = 24 * 60 * MINUTE_MILLIS;
    /// A terminate that has to stop, and to ask, ends before the deadlock timeout; so does an open.
    private static final long STOP_MILLIS_MAX = 45 * MINUTE_MILLIS;

    private static final long MONITOR_MILLIS_MAX = 5 * MINUTE_MILLIS;

    private static final TypeDescription DESCRIPTION = new TypeDescription(
            "ocf",
            "1.0.0",
            "Calls any resource agent of the Open Cluster Framework, such as heartbeat:IPaddr2. Its meta-data says which"
                    + " parameters there are, how long its actions may take and which checks it has. Of agents"
                    + " with a promoted role it uses the plain one: nothing is promoted. What the agent finds running when the resource is opened, and"
                    + " which the cluster did not start, is stopped by the agent, with a warning in the log: a resource"
                    + " is opened only on the node that owns its group, and what went on running there would have two"
                    + " owners once the group moved. Only what the agent itself takes for this resource is stopped. So"
                    + " name nothing that somebody else starts: keep it out of systemd and /etc/fstab. That the agent's"
                    + " stop has succeeded is no proof: what its actions started and left running is asked to end"
                    + " (SIGTERM, 5 s) and then killed.",
            List.of(
                    required(
                            "agent",
                            Kind.TEXT,
                            "The agent as provider:name, for example heartbeat:IPaddr2; ocf: may stand before it. It"
                                    + " must be installed on every possible owner."),
                    optional(
                            "parameters",
                            Kind.MAP,
                            "The agent's parameters by name; it gets them as OCF_RESKEY_NAME. Names it does not have,"
                                    + " values of another type and missing ones it requires are refused."),
                    optional("root", Kind.TEXT, "The folder with resource.d, which holds the agents.")
                            .withDefault("/usr/lib/ocf"),
                    optional(
                                    "checkLevel",
                                    Kind.TEXT,
                                    "The level (OCF_CHECK_LEVEL) of IsAlive: a number, or 'deepest' for the deepest"
                                            + " one that the agent advertises and that succeeds right after the"
                                            + " start. LooksAlive is always level 0.")
                            .withDefault(CheckLevels.DEEPEST),
                    limit(
                            "timeouts.start",
                            START_MILLIS_MAX,
                            "How long start, and validate-all before it, may take; then it is killed with all it"
                                    + " started. 0s: what the agent advises, or 20s."),
                    limit(
                            "timeouts.stop",
                            STOP_MILLIS_MAX,
                            "How long stop may take; then it is killed, and it is not known whether the resource"
                                    + " runs until terminate could stop it. 0s: what the agent advises, or 20s."),
                    limit(
                            "timeouts.monitor",
                            MONITOR_MILLIS_MAX,
                            "How long monitor may take. A check that takes longer is undecided; the third in a row"
                                    + " means failed. 0s: what the agent advises, or 20s."),
                    optional(
                            SharedPrograms.PROPERTY,
                            Kind.LIST,
                            "Names of programs, as /proc/PID/comm shows them, that the agent starts and that others on"
                                    + " the node use as well. After stop, whatever else the agent's actions started"
                                    + " and that still runs is ended, with a warning that names it; these are not."
                                    + " Known without being named here: " + SharedPrograms.words() + "."),
                    optional(
                            "runFolder",
                            Kind.TEXT,
                            "The folder for what must not survive a start of the node; agents know it as HA_RSCTMP."
                                    + " Default: one of this node's own in /run/resource-agents, for an ordinary user"
                                    + " in the resource's own folder.")),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMinutes(3),
            // every action has its own limit; the longest that an agent of Debian's advises for stop is 30 min
            Duration.ofHours(1),
            true);

    private final MetadataCache metadata = new MetadataCache();

    private static PropertyDescription limit(String name, long millisMax, String help) {
        return optional(name, Kind.DURATION, help).withDefault("0s").within(0, millisMax);
    }

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return OcfResource.open(context, metadata);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(request, properties -> {
            var agent = Agent.named("", properties);
            try {
                request.examine(new Command(
                        List.of(agent.file().toString()), Map.of(), "", Path.of("/"), Path.of("/dev/null")));
            } catch (LastingFailure notThere) {
                throw agent.missing("").because(notThere);
            }
        });
    }
}
