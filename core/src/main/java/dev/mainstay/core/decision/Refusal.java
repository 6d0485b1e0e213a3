package dev.mainstay.core.decision;

/// Why a command is refused.
///
/// @param code what kind of refusal
/// @param message what was asked and what is so
/// @param advice what to do
public record Refusal(Code code, String message, String advice) {
    /// The kinds of refusal; each becomes one public error code.
    public enum Code {
        /// What was asked leads to more than can be decided at once.
        TOO_LARGE,
        /// A group of that name does not exist.
        NO_SUCH_GROUP,
        /// A resource of that name does not exist.
        NO_SUCH_RESOURCE,
        /// A node of that name does not exist.
        NO_SUCH_NODE,
        /// A resource type of that name is not registered.
        NO_SUCH_TYPE,
        /// A dependency names a resource that is not in the same group.
        DEPENDENCY_OUTSIDE_GROUP,
        /// Dependencies form a cycle.
        DEPENDENCY_CYCLE,
        /// Another resource depends on the one to be deleted.
        STILL_NEEDED,
        /// The object must be offline first.
        NOT_OFFLINE,
        /// The resource must be online.
        NOT_ONLINE,
        /// The node is not a possible owner of every resource of the group.
        NOT_A_POSSIBLE_OWNER,
        /// The target node is not up.
        NODE_NOT_UP,
        /// The group is already on its way to another node.
        ALREADY_MOVING,
        /// The configuration changed since the plan was made.
        CONFIGURATION_CHANGED,
        /// A resource cannot change its group or its type.
        IDENTITY_CHANGE,
        /// A resource is locked: it must not change its state now.
        LOCKED,
        /// The cluster or the node is being stopped.
        STOPPING,
        /// The key of a request was used for a request of another content.
        KEY_REUSED
    }
}
