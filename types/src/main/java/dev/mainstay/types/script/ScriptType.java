package dev.mainstay.types.script;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.NodePath;
import dev.mainstay.types.node.Objections;
import java.nio.file.Path;
import java.util.List;

/// The resource type `script`: an executable file whose first argument is the entry point to perform.
///
/// **Verbs:** `looksalive` and `isalive` must be there; `open`, `online`, `offline`, `terminate` and `close`
/// may be.
/// **Exit codes:** 0 means success or alive. 3 means "I do not know this verb": success for the optional
/// ones, dead for the required ones. Anything else means failure or dead; the output is the evidence.
/// **Environment:** `MAINSTAY_RESOURCE_NAME`, `MAINSTAY_GROUP`, `MAINSTAY_NODE`, `MAINSTAY_VERB`; for online and
/// offline also `MAINSTAY_EPOCH` and `MAINSTAY_REASON`, for terminate `MAINSTAY_REASON`. While the monitor waits
/// for the verb also `MAINSTAY_ENTRY_POINT`, by which the command `mainstay` refuses changes of the cluster from
/// there.
/// **Source:** the original's Generic Script. There the host calls Open and Close of the script around every
/// load;
/// here each runs once per open instance.
public final class ScriptType implements ResourceType {
    private static final long HOUR_MILLIS = 3_600_000;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "script",
            "1.0.0",
            "Calls an executable script with one verb: looksalive and isalive (required), open, online, offline,"
                    + " terminate, close (optional). Exit code 0 is success or alive, 3 means the verb is not known,"
                    + " anything else is failure or dead; what the script printed is shown as the reason.",
            List.of(
                    required(
                            "scriptFilePath",
                            Kind.TEXT,
                            "Full path of the script. It must be executable and present on every possible owner."),
                    optional(
                            "user",
                            Kind.TEXT,
                            "The user to run as. Needs a monitor that runs as root. Default: the monitor's own user."),
                    optional(
                            "environment",
                            Kind.MAP,
                            "Environment variables by name, added to PATH, LANG, HOME, USER and MAINSTAY_*."),
                    optional(
                                    "timeout",
                                    Kind.DURATION,
                                    "How long online and offline may take each; then the verb and all processes it"
                                            + " started are killed and the call has failed.")
                            .withDefault("60s")
                            .within(100, 24 * HOUR_MILLIS),
                    optional(
                                    "checkTimeout",
                                    Kind.DURATION,
                                    "How long looksalive, isalive, open, terminate and close may take each. A check"
                                            + " that takes longer is undecided; the third in a row means failed.")
                            .withDefault("10s")
                            .within(100, HOUR_MILLIS),
                    optional(
                                    "killLeftovers",
                                    Kind.FLAG,
                                    "Whether offline and terminate, after their verb, end every process the script ever"
                                            + " started for this resource (SIGTERM, after 5 s SIGKILL), and open ends"
                                            + " what an earlier life left. Each is named by a warning."
                                            + " What runs of a resource that cannot be opened is killed in any case.")
                            .withDefault("true")));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return ScriptResource.open(context);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(request, properties -> {
            var script = NodePath.full("", "scriptFilePath", properties.text("scriptFilePath"));
            request.examine(new Command(
                    List.of(script.toString(), Verb.ONLINE.argument()),
                    properties.map("environment"),
                    properties.text("user"),
                    Path.of("/"),
                    Path.of("/dev/null")));
        });
    }
}
