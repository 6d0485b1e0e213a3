package dev.mainstay.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Asks a cluster service over its Unix socket.
///
/// **Threads:** any; each call has a connection of its own.
/// **Time:** each call ends within [#ANSWER_LIMIT], plus the wait it was given.
/// **Errors:** [ClusterException] and nothing else: what the service said, `SERVICE_NOT_RUNNING` when none
/// answers, `OUTCOME_UNKNOWN` when a changing request got no answer.
public final class Client {
    /// Time for an answer that needs no waiting: an election (about 2 s) and a slow disk fit in.
    public static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /// Name of the socket, beside the one of the API, that only the user of the cluster service can open.
    public static final String OWNER_SOCKET = "owner.sock";

    /// Ten thousand resources need about 10 MiB.
    private static final int BODY_BYTES_MAX = 64 * 1024 * 1024;

    /// How long a service that was lost in the middle of a change is looked for: a restart takes about as long.
    private static final Duration REPEAT_LIMIT = Duration.ofSeconds(5);

    /// Between two attempts to find the service again.
    private static final Duration RETRY_DELAY = Duration.ofMillis(200);

    private final Path socket;
    private final String user;
    private final String key;

    private Client(Path socket, String user, String key) {
        this.socket = socket;
        this.user = user;
        this.key = key;
    }

    /// A client of the service behind `socket`, for the user this process runs as.
    public static Client at(Path socket) {
        return new Client(socket, System.getProperty("user.name", "local"), "");
    }

    /// A client whose changing requests have this key, so that a program may repeat one after its own end: what
    /// was done under the key is not done twice. Give each request a key of its own.
    ///
    /// @param requestKey 1 to 128 letters, digits or `. _ : / + = -`; empty for a new one each time
    public Client withKey(String requestKey) {
        return new Client(socket, user, requestKey);
    }

    /// The socket that is asked.
    public Path socket() {
        return socket;
    }

    /// The whole cluster.
    public StatusView status() {
        return status(ANSWER_LIMIT);
    }

    /// The whole cluster, when the answer comes within `limit`.
    public StatusView status(Duration limit) {
        return one(
                StatusView.class,
                Request.get("show the status", "status").limit(limit).build());
    }

    /// All groups.
    public List<GroupView> groups() {
        return all(GroupView.class, Request.get("list the groups", "groups").build());
    }

    /// One group.
    public GroupView group(String name) {
        return one(
                GroupView.class,
                Request.get("show group '" + name + "'", "groups", name).build());
    }

    /// All resources.
    public List<ResourceView> resources() {
        return all(
                ResourceView.class,
                Request.get("list the resources", "resources").build());
    }

    /// One resource.
    public ResourceView resource(String name) {
        return one(
                ResourceView.class,
                Request.get("show resource '" + name + "'", "resources", name).build());
    }

    /// All resource types of the node that answers, and what it refused.
    public TypesView types() {
        return one(TypesView.class, Request.get("list the types", "types").build());
    }

    /// One resource type.
    public TypeView type(String name) {
        return one(
                TypeView.class,
                Request.get("show type '" + name + "'", "types", name).build());
    }

    /// Why a group or resource is as it is.
    ///
    /// @param kind `group`, `resource`, or empty when the name is unique
    public WhyView why(String name, String kind) {
        return one(
                WhyView.class,
                Request.get("say why '" + name + "' is as it is", "why", name)
                        .query("kind", kind)
                        .build());
    }

    /// Facts from the journal, oldest first.
    ///
    /// @param after id of the last fact already known, or empty for the oldest
    public List<EventView> events(String after, int limit) {
        var request = Request.get("list the events", "events")
                .query("after", after)
                .query("limit", Integer.toString(limit))
                .build();
        return all(EventView.class, request);
    }

    /// The latest facts of the journal, oldest of them first.
    public List<EventView> latestEvents(int limit) {
        var request = Request.get("list the events", "events")
                .query("latest", "true")
                .query("limit", Integer.toString(limit))
                .build();
        return all(EventView.class, request);
    }

    /// Facts as they come, beginning after the fact `after`; `now` begins with the next one.
    ///
    /// @param patience how long a lost service is looked for before the stream gives up
    public EventStream follow(String after, Duration patience) {
        return new EventStream(socket, user, after, patience);
    }

    /// Makes the group's persistent state online.
    public ActionView groupOnline(String group, Terms terms) {
        return act("bring group '" + group + "' online", terms, "groups", group, "online");
    }

    /// Makes the group's persistent state offline.
    public ActionView groupOffline(String group, Terms terms) {
        return act("take group '" + group + "' offline", terms, "groups", group, "offline");
    }

    /// Moves the group.
    ///
    /// @param node where to, or empty: the cluster chooses
    public ActionView groupMove(String group, String node, Terms terms) {
        var asked = "move group '" + group + "'" + (node.isEmpty() ? "" : " to node '" + node + "'");
        return one(
                ActionView.class,
                Request.post(asked, "groups", group, "move")
                        .query("to", node)
                        .terms(terms)
                        .build());
    }

    /// Takes what runs of the group offline and brings it online again.
    public ActionView groupRestart(String group, Terms terms) {
        return act("restart group '" + group + "'", terms, "groups", group, "restart");
    }

    /// Forgets the failures counted of the group and its resources; what was given up is tried again.
    public ActionView groupReset(String group, Terms terms) {
        return act("reset group '" + group + "'", terms, "groups", group, "reset");
    }

    /// Begins or ends work on all resources of the group.
    public ActionView groupMaintenance(String group, boolean on, String reason, Terms terms) {
        return maintain("group '" + group + "'", on, reason, terms, "groups", group, "maintenance");
    }

    /// Deletes the group.
    ///
    /// @param force also when it is not offline: it is taken offline first
    public ActionView groupDelete(String group, boolean force, Terms terms) {
        return delete("delete group '" + group + "'", force, terms, "groups", group);
    }

    /// Makes the resource's persistent state online.
    public ActionView resourceOnline(String resource, Terms terms) {
        return act("bring resource '" + resource + "' online", terms, "resources", resource, "online");
    }

    /// Makes the resource's persistent state offline.
    public ActionView resourceOffline(String resource, Terms terms) {
        return act("take resource '" + resource + "' offline", terms, "resources", resource, "offline");
    }

    /// Takes the resource offline, with what needs it, and brings all of it online again.
    public ActionView resourceRestart(String resource, Terms terms) {
        return act("restart resource '" + resource + "'", terms, "resources", resource, "restart");
    }

    /// Forgets the failures counted of the resource; one that was given up is tried again.
    public ActionView resourceReset(String resource, Terms terms) {
        return act("reset resource '" + resource + "'", terms, "resources", resource, "reset");
    }

    /// Begins or ends work on the resource: while it lasts the cluster does nothing to it of its own accord.
    ///
    /// @param reason why, in words; may be empty
    public ActionView resourceMaintenance(String resource, boolean on, String reason, Terms terms) {
        return maintain("resource '" + resource + "'", on, reason, terms, "resources", resource, "maintenance");
    }

    /// Changes private properties of the resource; the answer says when each takes effect.
    public PlanView resourceSet(String resource, PropertyValues values, boolean dryRun) {
        var request = Request.post("set properties of resource '" + resource + "'", "resources", resource, "properties")
                .query("dryRun", dryRun ? "true" : "")
                .body("application/json", JsonText.line(values).getBytes(StandardCharsets.UTF_8))
                .limit(ANSWER_LIMIT.multipliedBy(3))
                .build();
        return one(PlanView.class, request);
    }

    /// Treats the resource as failed, so that its policy is carried out.
    public ActionView resourceFail(String resource, Terms terms) {
        return act("fail resource '" + resource + "'", terms, "resources", resource, "fail");
    }

    /// Deletes the resource.
    public ActionView resourceDelete(String resource, boolean force, Terms terms) {
        return delete("delete resource '" + resource + "'", force, terms, "resources", resource);
    }

    /// The resource monitors of the node that answers.
    public List<MonitorView> monitors() {
        return all(
                MonitorView.class,
                Request.get("list the resource monitors", "monitors").build());
    }

    /// One resource monitor of the node that answers.
    public MonitorView monitor(String name) {
        return one(
                MonitorView.class,
                Request.get("show monitor '" + name + "'", "monitors", name).build());
    }

    /// Kills a resource monitor and has it replaced; what it hosted is adopted by the next one.
    public ActionView monitorRestart(String name) {
        return once("restart monitor '" + name + "'", "monitors", name, "restart");
    }

    /// Gives a resource a monitor of its own with a port for a debugger, or takes that back.
    ///
    /// Uses the socket of the user of the cluster service when this process may open it.
    public ActionView resourceDebug(String resource, boolean stop) {
        var request = Request.post(
                        (stop ? "no longer " : "") + "debug resource '" + resource + "'",
                        "resources",
                        resource,
                        "debug")
                .query("stop", stop ? "true" : "")
                .once()
                .build();
        var owner = socket.resolveSibling(OWNER_SOCKET);
        var asked = Files.isWritable(owner) ? new Client(owner, user, key) : this;
        return asked.one(ActionView.class, request);
    }

    /// Asks a control of a resource, in the monitor that hosts it; the node must own it.
    public ControlView resourceControl(String resource, String code, ControlInput input, Terms terms) {
        var asked = "control '" + code + "' of resource '" + resource + "'";
        return control(Request.post(asked, "resources", resource, "controls", code), input, terms);
    }

    /// Asks a control of a type, in a monitor of the node.
    ///
    /// @param monitor empty for the default one
    public ControlView typeControl(String type, String code, String monitor, ControlInput input, Terms terms) {
        var asked = "control '" + code + "' of type '" + type + "'";
        return control(Request.post(asked, "types", type, "controls", code).query("monitor", monitor), input, terms);
    }

    private ControlView control(Request.Builder request, ControlInput input, Terms terms) {
        var body = JsonText.line(input).getBytes(StandardCharsets.UTF_8);
        return one(
                ControlView.class,
                request.terms(terms).body("application/json", body).once().build());
    }

    /// Carries out a manifest, or shows what it would change.
    ///
    /// @param file the name that problems are reported with
    /// @param directory absolute folder of the file, for `${manifest.directory}`
    public PlanView apply(String file, String directory, byte[] yaml, boolean dryRun) {
        var request = Request.post((dryRun ? "plan '" : "apply '") + file + "'", "apply")
                .query("file", file)
                .query("directory", directory)
                .query("dryRun", dryRun ? "true" : "")
                .body("application/yaml", yaml)
                .limit(ANSWER_LIMIT.multipliedBy(3))
                .build();
        return one(PlanView.class, request);
    }

    /// The running configuration as a manifest, which applies without a difference.
    ///
    /// @param group only this one, or empty for all
    public String export(String group) {
        var request = Request.get("export the configuration", "manifest")
                .query("group", group)
                .limit(ANSWER_LIMIT.multipliedBy(3))
                .build();
        return ask(request, yaml -> yaml);
    }

    /// Takes everything offline, on every node.
    public ActionView stopCluster(Terms terms) {
        return act("stop the cluster", terms, "cluster", "stop");
    }

    /// Has the monitors of the node that answers look for plugins again.
    public ActionView loadPlugins() {
        return once("load plugins", "types", "load");
    }

    /// Ends the cluster service that answers.
    ///
    /// @param keep whether its monitors go on with the resources for the hold time; otherwise everything is taken
    ///     offline in order, except what is in maintenance
    public StopView stopNode(boolean keep) {
        var request = Request.post("stop the cluster service", "node", "stop").once();
        return one(StopView.class, (keep ? request.query("keep", "true") : request).build());
    }

    private ActionView once(String asked, String... path) {
        return one(ActionView.class, Request.post(asked, path).once().build());
    }

    private ActionView act(String asked, Terms terms, String... path) {
        return one(ActionView.class, Request.post(asked, path).terms(terms).build());
    }

    private ActionView maintain(String what, boolean on, String reason, Terms terms, String... path) {
        return one(
                ActionView.class,
                Request.post((on ? "begin" : "end") + " maintenance of " + what, path)
                        .query("on", Boolean.toString(on))
                        .query("reason", reason)
                        .terms(terms)
                        .build());
    }

    private ActionView delete(String asked, boolean force, Terms terms, String... path) {
        return one(
                ActionView.class,
                Request.delete(asked, path)
                        .query("force", force ? "true" : "")
                        .terms(terms)
                        .build());
    }

    private <T> T one(Class<T> type, Request request) {
        return ask(request, json -> JsonText.read(type, json));
    }

    private <T> List<T> all(Class<T> type, Request request) {
        return ask(request, json -> JsonText.readList(type, json));
    }

    private <T> T ask(Request request, Function<String, T> read) {
        var answer = request.changing() ? changed(request) : exchange(request);
        if (answer.status < 200 || answer.status > 299) {
            throw Refusals.refused(request, answer.status, answer.body);
        }
        try {
            return read.apply(answer.body);
        } catch (RuntimeException notOurs) {
            throw Refusals.notUnderstood(socket, request, notOurs);
        }
    }

    private record Answered(int status, String body) {}

    /// Sends a change, once more when its answer was lost: its key keeps it from being made twice.
    private Answered changed(Request request) {
        var keyed = request.with(
                "Idempotency-Key", key.isEmpty() ? UUID.randomUUID().toString() : key);
        try {
            return exchange(keyed);
        } catch (ClusterException lost) {
            if (lost.code() != ErrorCode.OUTCOME_UNKNOWN || !request.repeatable()) {
                throw lost;
            }
            return repeated(keyed, lost);
        }
    }

    private Answered repeated(Request keyed, ClusterException lost) {
        var end = System.nanoTime() + REPEAT_LIMIT.toNanos();
        while (System.nanoTime() < end && pause(RETRY_DELAY)) {
            try {
                return exchange(keyed);
            } catch (ClusterException stillLost) {
                if (stillLost.code() == ErrorCode.INTERNAL) {
                    throw stillLost;
                }
            }
        }
        throw lost;
    }

    /// Waits; false when the thread was interrupted, and then it still is.
    static boolean pause(Duration delay) {
        try {
            Thread.sleep(delay);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Answered exchange(Request request) {
        try (var connection = connect(socket, request)) {
            try {
                var reply = connection.exchange(request, user);
                return new Answered(reply.status(), reply.text(BODY_BYTES_MAX));
            } catch (IOException trouble) {
                throw connection.timedOut()
                        ? Refusals.late(socket, request)
                        : Refusals.broken(socket, request, trouble);
            }
        }
    }

    static Connection connect(Path socket, Request request) {
        try {
            return Connection.open(socket, request.limit());
        } catch (IOException trouble) {
            throw Refusals.notConnected(socket, request, trouble);
        } catch (IllegalArgumentException | UnsupportedOperationException tooLong) {
            throw Refusals.notConnected(socket, request, new IOException(tooLong.getMessage(), tooLong));
        }
    }
}
