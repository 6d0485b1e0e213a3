package dev.mainstay.types.ocf;

import dev.mainstay.spi.ResourceContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Programs that an agent starts and that others on the node use as well: they are no part of the resource,
/// and go on when it has stopped.
///
/// Declared, not measured: that somebody else uses a daemon cannot be seen at the moment of a stop, and who
/// comes later cannot be seen at all. The list was made by reading the agents of Debian's packages and what
/// the commands they call start by themselves.
final class SharedPrograms {
    static final String PROPERTY = "sharedPrograms";

    private static final List<String> OF_NFS = List.of("rpcbind", "rpc.statd", "rpc.idmapd", "nfsdcld");
    private static final List<String> OF_LVM = List.of("dmeventd", "lvmpolld", "lvmetad");
    private static final List<String> OF_ERLANG = List.of("epmd");
    private static final List<String> OF_SAP = List.of("saposcol", "saphostexec", "sapstartsrv");
    private static final List<String> OF_RAID = List.of("mdmon");

    private static final Map<String, List<String>> KNOWN = Map.ofEntries(
            Map.entry("heartbeat:Filesystem", OF_NFS),
            Map.entry("heartbeat:LVM", OF_LVM),
            Map.entry("heartbeat:LVM-activate", OF_LVM),
            Map.entry("heartbeat:Raid1", OF_RAID),
            Map.entry("heartbeat:SAPDatabase", OF_SAP),
            Map.entry("heartbeat:SAPInstance", OF_SAP),
            Map.entry("heartbeat:VirtualDomain", List.of("libvirtd", "virtqemud", "virtlogd", "virtlockd")),
            Map.entry("heartbeat:exportfs", OF_NFS),
            Map.entry("heartbeat:iscsi", List.of("iscsid")),
            Map.entry("heartbeat:mdraid", OF_RAID),
            Map.entry("heartbeat:nfsnotify", OF_NFS),
            Map.entry("heartbeat:nfsserver", OF_NFS),
            Map.entry("heartbeat:podman", List.of("catatonit", "aardvark-dns")),
            Map.entry("heartbeat:rabbitmq-cluster", OF_ERLANG),
            Map.entry("heartbeat:rabbitmq-server-ha", OF_ERLANG));

    private SharedPrograms() {}

    /// What must go on when a resource of that agent stops.
    static Set<String> of(ResourceContext context, Agent agent) {
        var names = new HashSet<>(KNOWN.getOrDefault(agent.toString(), List.of()));
        names.addAll(context.properties().list(PROPERTY));
        return names;
    }

    /// The known ones in words, for the type's description.
    static String words() {
        return new TreeMap<>(KNOWN)
                .entrySet().stream()
                        .map(one -> "%s: %s".formatted(one.getKey(), String.join(", ", one.getValue())))
                        .collect(Collectors.joining("; "));
    }
}
