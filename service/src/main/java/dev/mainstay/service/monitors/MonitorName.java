package dev.mainstay.service.monitors;

import java.util.Optional;

/// The names of resource monitors: they say what each is there for.
public final class MonitorName {
    /// The monitor that hosts every resource that has no other one.
    public static final String DEFAULT = "default";

    private static final String TYPE = "type-";
    private static final String GROUP = "group-";
    private static final String RESOURCE = "resource-";
    private static final String DEBUG = "debug-";

    private MonitorName() {}

    /// The one for all resources of a type.
    public static String ofType(Object type) {
        return TYPE + type;
    }

    /// The one for all resources of a group.
    public static String ofGroup(Object group) {
        return GROUP + group;
    }

    /// The one for a single resource.
    public static String ofResource(Object resource) {
        return RESOURCE + resource;
    }

    /// The one for a single resource that is looked at with a debugger.
    public static String ofDebugged(Object resource) {
        return DEBUG + resource;
    }

    /// The resource that alone is hosted by the monitor of this name.
    public static Optional<String> onlyResource(String monitor) {
        return after(RESOURCE, monitor).or(() -> debugged(monitor));
    }

    /// The resource that is debugged in the monitor of this name.
    public static Optional<String> debugged(String monitor) {
        return after(DEBUG, monitor);
    }

    private static Optional<String> after(String prefix, String monitor) {
        return monitor.startsWith(prefix) ? Optional.of(monitor.substring(prefix.length())) : Optional.empty();
    }
}
