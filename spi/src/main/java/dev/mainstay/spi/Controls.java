package dev.mainstay.spi;

import static dev.mainstay.spi.ControlDescription.Access.READ;
import static dev.mainstay.spi.ControlDescription.Access.WRITE;
import static dev.mainstay.spi.ControlDescription.Origin.EXTERNAL;
import static dev.mainstay.spi.ControlDescription.Origin.INTERNAL;
import static dev.mainstay.spi.ControlDescription.Target.RESOURCE;
import static dev.mainstay.spi.ControlDescription.Target.TYPE;

import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.ControlDescription.Origin;
import dev.mainstay.spi.ControlDescription.Target;
import java.util.List;
import java.util.stream.Stream;

/// The standard controls: every type may be asked any of them.
///
/// A type that answers [ControlAnswer.NotSupported] gets the monitor's default processing, where there is one.
public final class Controls {
    /// Asks for the abilities that the monitor and the cluster have to respect.
    public static final String GET_CHARACTERISTICS = "get-characteristics";

    /// Asks for the flags of the object.
    public static final String GET_FLAGS = "get-flags";

    /// Asks for the class of the resource.
    public static final String GET_CLASS_INFO = "get-class-info";

    /// Asks which classes or types must be among the providers.
    public static final String GET_REQUIRED_DEPENDENCIES = "get-required-dependencies";

    /// Asks for the name.
    public static final String GET_NAME = "get-name";

    /// Asks for the name of the resource's type.
    public static final String GET_RESOURCE_TYPE = "get-resource-type";

    /// Asks for the names of the common properties.
    public static final String ENUM_COMMON_PROPERTIES = "enum-common-properties";

    /// Asks for the common properties that nobody can set.
    public static final String GET_RO_COMMON_PROPERTIES = "get-ro-common-properties";

    /// Asks for the common properties.
    public static final String GET_COMMON_PROPERTIES = "get-common-properties";

    /// Asks whether common properties could be set.
    public static final String VALIDATE_COMMON_PROPERTIES = "validate-common-properties";

    /// Tells that common properties were set.
    public static final String SET_COMMON_PROPERTIES = "set-common-properties";

    /// Asks for names and kinds of the common properties.
    public static final String GET_COMMON_PROPERTY_FORMATS = "get-common-property-formats";

    /// Asks for the names of the private properties.
    public static final String ENUM_PRIVATE_PROPERTIES = "enum-private-properties";

    /// Asks for the private properties that the type publishes and nobody can set.
    public static final String GET_RO_PRIVATE_PROPERTIES = "get-ro-private-properties";

    /// Asks for the private properties.
    public static final String GET_PRIVATE_PROPERTIES = "get-private-properties";

    /// Asks whether private properties could be set; the input holds all of them as they would be.
    ///
    /// A type is asked before a resource gets them, too. It may answer `wrong`: why they cannot work on any
    /// node, and `missing`: what this node lacks now, in words, with `missingAt` and `leadsTo` in the same order:
    /// what another resource may bring, as it is written and behind all links; empty for anything but files.
    public static final String VALIDATE_PRIVATE_PROPERTIES = "validate-private-properties";

    /// Tells an open resource that private properties were set; the input holds all of them as they are now.
    public static final String SET_PRIVATE_PROPERTIES = "set-private-properties";

    /// Asks for names and kinds of the private properties.
    public static final String GET_PRIVATE_PROPERTY_FORMATS = "get-private-property-formats";

    /// Asks for the processes that belong to the resource.
    public static final String GET_PROCESSES = "get-processes";

    /// Asks whether the resource may be deleted.
    public static final String QUERY_DELETE = "query-delete";

    /// Asks for the last failure and the slow and hung calls.
    public static final String GET_FAILURE_INFO = "get-failure-info";

    /// Asks when the state changed last.
    public static final String GET_STATE_CHANGE_TIME = "get-state-change-time";

    /// Asks whether the resource is in maintenance.
    public static final String QUERY_MAINTENANCE_MODE = "query-maintenance-mode";

    /// Tells that maintenance begins or ends.
    public static final String SET_MAINTENANCE_MODE = "set-maintenance-mode";

    /// Asks a quorum-capable resource to contest for the quorum device and to defend it.
    public static final String ARBITRATE = "arbitrate";

    /// Asks a quorum-capable resource to give the quorum device up.
    public static final String RELEASE = "release";

    /// Tells that the resource is about to be deleted.
    public static final String DELETE = "delete";

    /// Tells that a node joined the cluster.
    public static final String INSTALL_NODE = "install-node";

    /// Tells that a node was evicted from the cluster.
    public static final String EVICT_NODE = "evict-node";

    /// Tells why offline or terminate follows.
    public static final String STATE_CHANGE_REASON = "state-change-reason";

    /// Tells that a provider of the resource changed its state; the input holds its name as `provider` and its
    /// `state`, such as `online pending`. Of changes in quick succession perhaps only the last one is told.
    public static final String PROVIDER_STATE_CHANGE = "provider-state-change";

    /// Asks whether the node may be drained.
    public static final String CHECK_DRAIN_VETO = "check-drain-veto";

    /// Tells that the cluster service is starting: the cluster cannot be asked yet.
    public static final String STARTING_PHASE1 = "starting-phase1";

    /// Tells that the cluster service has started: the cluster can be asked from now on.
    public static final String STARTING_PHASE2 = "starting-phase2";

    /// Tells that the monitor is about to end.
    public static final String MONITOR_SHUTTING_DOWN = "monitor-shutting-down";

    private static final List<ControlDescription> ALL = Stream.of(
                    both(GET_CHARACTERISTICS, READ, EXTERNAL, "abilities that the cluster has to respect"),
                    both(GET_FLAGS, READ, EXTERNAL, "flags of the object"),
                    both(GET_CLASS_INFO, READ, EXTERNAL, "class of the resource"),
                    both(
                            GET_REQUIRED_DEPENDENCIES,
                            READ,
                            EXTERNAL,
                            "classes or types that must be among the providers"),
                    of(GET_NAME, RESOURCE, READ, EXTERNAL, "name of the resource"),
                    of(GET_RESOURCE_TYPE, RESOURCE, READ, EXTERNAL, "type of the resource"),
                    both(ENUM_COMMON_PROPERTIES, READ, EXTERNAL, "names of the common properties"),
                    both(GET_RO_COMMON_PROPERTIES, READ, EXTERNAL, "common properties that nobody can set"),
                    both(GET_COMMON_PROPERTIES, READ, EXTERNAL, "common properties"),
                    both(VALIDATE_COMMON_PROPERTIES, READ, EXTERNAL, "check common properties without setting them"),
                    both(SET_COMMON_PROPERTIES, WRITE, INTERNAL, "common properties were set"),
                    both(GET_COMMON_PROPERTY_FORMATS, READ, EXTERNAL, "names and kinds of the common properties"),
                    both(ENUM_PRIVATE_PROPERTIES, READ, EXTERNAL, "names of the private properties"),
                    both(GET_RO_PRIVATE_PROPERTIES, READ, EXTERNAL, "what the type publishes of the resource"),
                    both(GET_PRIVATE_PROPERTIES, READ, EXTERNAL, "private properties"),
                    both(VALIDATE_PRIVATE_PROPERTIES, READ, EXTERNAL, "check private properties without setting them"),
                    both(SET_PRIVATE_PROPERTIES, WRITE, INTERNAL, "private properties were set"),
                    both(GET_PRIVATE_PROPERTY_FORMATS, READ, EXTERNAL, "names and kinds of the private properties"),
                    of(GET_PROCESSES, RESOURCE, READ, EXTERNAL, "processes of the resource"),
                    both(QUERY_DELETE, READ, EXTERNAL, "whether it may be deleted"),
                    of(GET_FAILURE_INFO, RESOURCE, READ, EXTERNAL, "the last failure, slow and hung calls"),
                    of(GET_STATE_CHANGE_TIME, RESOURCE, READ, EXTERNAL, "when the state changed last"),
                    of(QUERY_MAINTENANCE_MODE, RESOURCE, READ, EXTERNAL, "whether it is in maintenance"),
                    of(SET_MAINTENANCE_MODE, RESOURCE, WRITE, INTERNAL, "maintenance begins or ends"),
                    of(ARBITRATE, RESOURCE, WRITE, EXTERNAL, "contest for the quorum device and defend it"),
                    of(RELEASE, RESOURCE, WRITE, EXTERNAL, "give the quorum device up"),
                    of(DELETE, RESOURCE, WRITE, INTERNAL, "the resource is about to be deleted"),
                    both(INSTALL_NODE, WRITE, INTERNAL, "a node joined the cluster"),
                    both(EVICT_NODE, WRITE, INTERNAL, "a node was evicted"),
                    of(STATE_CHANGE_REASON, RESOURCE, WRITE, INTERNAL, "why offline or terminate follows"),
                    of(PROVIDER_STATE_CHANGE, RESOURCE, WRITE, INTERNAL, "a provider changed its state"),
                    both(CHECK_DRAIN_VETO, READ, INTERNAL, "whether the node may be drained"),
                    of(STARTING_PHASE1, TYPE, WRITE, INTERNAL, "the cluster service is starting"),
                    of(STARTING_PHASE2, TYPE, WRITE, INTERNAL, "the cluster service has started"),
                    of(MONITOR_SHUTTING_DOWN, TYPE, READ, INTERNAL, "the monitor is about to end"))
            .flatMap(List::stream)
            .toList();

    private Controls() {}

    /// All standard controls; what can be asked of a resource and of its type is listed once for each.
    public static List<ControlDescription> all() {
        return ALL;
    }

    private static List<ControlDescription> both(String code, Access access, Origin origin, String help) {
        return Stream.of(RESOURCE, TYPE)
                .flatMap(object -> of(code, object, access, origin, help).stream())
                .toList();
    }

    private static List<ControlDescription> of(String code, Target object, Access access, Origin origin, String help) {
        return List.of(new ControlDescription(code, object, access, origin, List.of(), List.of(), help));
    }
}
