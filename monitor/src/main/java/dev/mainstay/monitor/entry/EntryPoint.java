package dev.mainstay.monitor.entry;

/// The entry points of a resource type, and which of them may run at the same time.
///
/// **Source:** ADR 0004 and ADR 0013.
public enum EntryPoint {
    /// `ResourceType.startup`.
    STARTUP("startup"),
    /// `ResourceType.open`.
    OPEN("open"),
    /// `EntryPoints.close`.
    CLOSE("close"),
    /// `EntryPoints.online`.
    ONLINE("online"),
    /// `EntryPoints.offline`.
    OFFLINE("offline"),
    /// `EntryPoints.terminate`.
    TERMINATE("terminate"),
    /// `EntryPoints.looksAlive`.
    LOOKS_ALIVE("looksAlive"),
    /// `EntryPoints.isAlive`.
    IS_ALIVE("isAlive"),
    /// `QuorumCapable.arbitrate`.
    ARBITRATE("arbitrate"),
    /// `QuorumCapable.release`.
    RELEASE("release"),
    /// `EntryPoints.resourceControl`.
    RESOURCE_CONTROL("resourceControl"),
    /// `ResourceType.resourceTypeControl`.
    TYPE_CONTROL("resourceTypeControl"),
    /// `EntryPoints.cancel`.
    CANCEL("cancel");

    private final String word;

    EntryPoint(String word) {
        this.word = word;
    }

    /// Its name in the contract of resource types, such as `looksAlive`.
    public String word() {
        return word;
    }

    /// Whether it is called on the type instead of on an open resource.
    public boolean ofType() {
        return this == STARTUP || this == OPEN || this == TYPE_CONTROL;
    }

    /// Whether this one may run while `other` of the same type runs.
    ///
    /// @param sameResource whether both concern one resource
    /// @param independent whether the type declares its resources independent
    public boolean mayOverlap(EntryPoint other, boolean sameResource, boolean independent) {
        if (this == STARTUP || other == STARTUP) {
            return false;
        }
        if (independent && !sameResource) {
            return !(ofType() && other.ofType());
        }
        if (this == TERMINATE && other == TERMINATE) {
            return !sameResource;
        }
        if (this == TERMINATE || other == TERMINATE) {
            var beside = this == TERMINATE ? other : this;
            return beside != OPEN && beside != CLOSE;
        }
        return independent && (this == TYPE_CONTROL || other == TYPE_CONTROL) && !(ofType() && other.ofType());
    }
}
