package dev.mainstay.types.ocf;

import dev.mainstay.spi.ResourceContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The environment variables that agents expect.
///
/// **Source:** OCF Resource Agent API 1.1, section "Parameter passing"; `OCF_RESKEY_CRM_meta_*` and `HA_RSCTMP`
/// are what the agents of Debian's packages expect beyond it.
record ActionEnvironment(Agent agent, ResourceContext context) {
    private static final String VERSION_MAJOR = "1";
    private static final String VERSION_MINOR = "1";

    /// What every action gets.
    Map<String, String> plain() {
        var environment = new HashMap<String, String>();
        environment.put("OCF_ROOT", agent.root().toString());
        environment.put("OCF_RA_VERSION_MAJOR", VERSION_MAJOR);
        environment.put("OCF_RA_VERSION_MINOR", VERSION_MINOR);
        environment.put("OCF_RESOURCE_INSTANCE", context.resource());
        environment.put("OCF_RESOURCE_TYPE", agent.name());
        environment.put("OCF_RESOURCE_PROVIDER", agent.provider());
        environment.put("OCF_EXIT_REASON_PREFIX", Ended.REASON_PREFIX);
        environment.put("HA_debug", "0");
        return environment;
    }

    /// What one action gets.
    ///
    /// @param interval the time to the next such check; zero makes it a probe, or an action that is no check
    /// @param run the folder for what must not survive a start of the node
    Map<String, String> of(String action, int level, Duration interval, Duration limit, Path run) {
        var environment = plain();
        environment.put("HA_RSCTMP", run.toString());
        environment.put("OCF_CHECK_LEVEL", Integer.toString(level));
        context.properties().map("parameters").forEach((name, value) -> environment.put("OCF_RESKEY_" + name, value));
        environment.put("OCF_RESKEY_CRM_meta_name", action);
        if (context.cluster().available()) {
            environment.put("OCF_RESKEY_CRM_meta_on_node", context.cluster().node());
            environment.put("MAINSTAY_NODE", context.cluster().node());
        }
        environment.put("OCF_RESKEY_CRM_meta_interval", Long.toString(interval.toMillis()));
        environment.put("OCF_RESKEY_CRM_meta_timeout", Long.toString(limit.toMillis()));
        return environment;
    }
}
