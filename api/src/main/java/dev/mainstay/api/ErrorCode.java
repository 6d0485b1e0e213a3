package dev.mainstay.api;

import java.util.Locale;

/// Why a request failed. Numbers are public: never reused, never renumbered.
public enum ErrorCode {
    /// No cluster service answers on the socket.
    SERVICE_NOT_RUNNING(1001, Category.UNAVAILABLE),
    /// No node leads at the moment, so nothing can be decided.
    NO_LEADER(1002, Category.UNAVAILABLE),
    /// The leader was lost before it confirmed: the change may or may not be made.
    OUTCOME_UNKNOWN(1003, Category.INDETERMINATE),
    /// The queue of requests is full.
    BUSY(1004, Category.UNAVAILABLE),
    /// The disk of the data directory is full or cannot be written: nothing can be changed, resources keep
    /// running.
    STORAGE_FULL(1005, Category.UNAVAILABLE),
    /// The wanted state was not reached in the time given; the operation goes on.
    TIMED_OUT(1006, Category.TIMED_OUT),
    /// The wanted state cannot be reached now.
    FAILED(1007, Category.STATE),
    /// There is a log, and the key that sealed it is missing.
    KEY_MISSING(1011, Category.STATE),
    /// Another key sealed the log.
    KEY_DOES_NOT_FIT(1012, Category.STATE),
    /// The data directory is another node's or another cluster's.
    FOREIGN_DATA(1013, Category.STATE),
    /// Parts of the data directory are missing, or older than the rest.
    DATA_OLDER(1014, Category.STATE),
    /// A file of the data directory is damaged.
    DATA_DAMAGED(1015, Category.STATE),
    /// Files of the data directory were removed or replaced under the running cluster service.
    DATA_TAKEN_AWAY(1016, Category.STATE),
    /// The engine of the log failed again and again.
    LOG_UNUSABLE(1017, Category.UNAVAILABLE),
    /// The request or the manifest cannot be understood.
    BAD_INPUT(2001, Category.INPUT),
    /// The key of a request was used for a request of another content.
    KEY_REUSED(2002, Category.INPUT),
    /// What was asked leads to more than one entry of the log can hold.
    TOO_LARGE(2003, Category.INPUT),
    /// A group of that name does not exist.
    NO_SUCH_GROUP(2101, Category.INPUT),
    /// A resource of that name does not exist.
    NO_SUCH_RESOURCE(2102, Category.INPUT),
    /// A node of that name does not exist.
    NO_SUCH_NODE(2103, Category.INPUT),
    /// A resource type of that name is not registered.
    NO_SUCH_TYPE(2104, Category.INPUT),
    /// A dependency names a resource that is not in the same group.
    DEPENDENCY_OUTSIDE_GROUP(2105, Category.INPUT),
    /// Dependencies form a cycle.
    DEPENDENCY_CYCLE(2106, Category.INPUT),
    /// The node is not a possible owner of every resource of the group.
    NOT_A_POSSIBLE_OWNER(2107, Category.STATE),
    /// Another resource depends on the one to be deleted.
    STILL_NEEDED(2108, Category.STATE),
    /// The object must be offline first.
    NOT_OFFLINE(2109, Category.STATE),
    /// The resource must be online.
    NOT_ONLINE(2110, Category.STATE),
    /// The target node is not up.
    NODE_NOT_UP(2111, Category.STATE),
    /// The group is already on its way to another node.
    ALREADY_MOVING(2112, Category.STATE),
    /// The configuration changed since the plan was made.
    CONFIGURATION_CHANGED(2113, Category.STATE),
    /// A resource cannot change its group or its type.
    IDENTITY_CHANGE(2114, Category.STATE),
    /// The cluster or the node is being stopped.
    STOPPING(2115, Category.STATE),
    /// A resource is locked: it must not change its state now.
    LOCKED(2116, Category.STATE),
    /// A resource monitor of that name does not exist on the node.
    NO_SUCH_MONITOR(2120, Category.INPUT),
    /// What was asked lets code run on the node; only the user of the cluster service may ask for that.
    NOT_PERMITTED(2121, Category.STATE),
    /// Neither the type nor its monitor knows the control.
    NO_SUCH_CONTROL(2122, Category.INPUT),
    /// Another node has to be asked.
    ASK_ANOTHER_NODE(2123, Category.STATE),
    /// A plugin cannot be used, or there is none of that name.
    PLUGIN_REFUSED(2124, Category.STATE),
    /// A change was asked for from within an entry point, for which the cluster waits.
    INSIDE_ENTRY_POINT(2130, Category.STATE),
    /// A bug.
    INTERNAL(9001, Category.INTERNAL);

    /// What a caller can do about an error; the exit code of the command.
    public enum Category {
        /// Report it.
        INTERNAL(1, 500),
        /// Ask differently.
        INPUT(2, 400),
        /// Not in this state.
        STATE(3, 409),
        /// Not in the time given; it goes on. An answer that only says so, and is no error, has 202.
        TIMED_OUT(4, 408),
        /// Try later or elsewhere.
        UNAVAILABLE(5, 503),
        /// Look first, then repeat.
        INDETERMINATE(6, 504);

        private final int exitCode;
        private final int httpStatus;

        Category(int exitCode, int httpStatus) {
            this.exitCode = exitCode;
            this.httpStatus = httpStatus;
        }

        /// The exit code of the command.
        public int exitCode() {
            return exitCode;
        }

        /// The status of the HTTP answer.
        public int httpStatus() {
            return httpStatus;
        }
    }

    private final int number;
    private final Category category;

    ErrorCode(int number, Category category) {
        this.number = number;
        this.category = category;
    }

    /// The public spelling, such as `MST2107`.
    public String code() {
        return "MST" + number;
    }

    /// Its name in words, such as `not a possible owner`.
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The status of the HTTP answer.
    public int httpStatus() {
        return this == KEY_REUSED ? 422 : category.httpStatus();
    }

    /// What a caller can do.
    public Category category() {
        return category;
    }
}
