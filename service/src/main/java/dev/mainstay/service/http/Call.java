package dev.mainstay.service.http;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.service.control.RequestId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// One request, as the answers see it.
///
/// @param names the names in its path
/// @param user who the kernel says it is, with the name it claims in a header if that is another
/// @param mayRunCode whether it came over the socket that only the user of the cluster service can open
/// @param lastEventId what an interrupted stream had reached
/// @param identity what makes repeating it safe
/// @param ifConfigRevision the configuration that it is meant for, if it says so
/// @param gone whether nobody waits for the answer any more
/// @param body reads the body, at most 1 MiB
record Call(
        List<String> names,
        Query query,
        String user,
        boolean mayRunCode,
        boolean wantsStream,
        Optional<String> lastEventId,
        Identity identity,
        OptionalLong ifConfigRevision,
        BooleanSupplier gone,
        Supplier<byte[]> body) {
    /// Names the commands that a request leads to.
    ///
    /// @param kernelUser who the kernel says sent it
    /// @param key what the client calls the request
    /// @param content all that the request says
    /// @param step 0 for a command that prepares what is asked, 1 for the one that does it
    record Identity(String kernelUser, String key, String content, int step) {
        String request() {
            return RequestId.of(kernelUser, key, step, content);
        }
    }

    String name() {
        return names.getFirst();
    }

    Actions.Manner manner() {
        return new Actions.Manner(user, query.wait("wait"), query.flag("dryRun"), identity, gone);
    }

    /// The manner of a route that has no parameter `wait`.
    Actions.Manner manner(Duration patience) {
        return new Actions.Manner(user, patience, query.flag("dryRun"), identity, gone);
    }

    /// **Errors:** [HttpError] when the request is meant for another configuration than this.
    void requireConfigRevision(long present) {
        if (ifConfigRevision.isPresent() && ifConfigRevision.getAsLong() != present) {
            throw new HttpError(
                    412,
                    ErrorCode.CONFIGURATION_CHANGED,
                    "the request is meant for configuration %d, and it is %d now: nothing was changed"
                            .formatted(ifConfigRevision.getAsLong(), present),
                    "Look at what is so now, then send its 'ETag' as 'If-Match'.",
                    Map.of("ETag", etag(present)));
        }
    }

    /// The version of the configuration, as `ETag` and `If-Match` write it.
    static String etag(long configRevision) {
        return "\"c%d\"".formatted(configRevision);
    }

    /// The revision that the configuration must have, for a command that changes it; -1 for any.
    long configRevision() {
        return ifConfigRevision.orElse(-1);
    }
}
