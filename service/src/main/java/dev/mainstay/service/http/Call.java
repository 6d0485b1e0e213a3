package dev.mainstay.service.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One request, as the answers see it.
///
/// @param names the names in its path
/// @param mayRunCode whether it came over the socket that only the user of the cluster service can open
/// @param lastEventId what an interrupted stream had reached
/// @param body reads the body, at most 1 MiB
record Call(
        List<String> names,
        Query query,
        String user,
        boolean mayRunCode,
        boolean wantsStream,
        Optional<String> lastEventId,
        Supplier<byte[]> body) {
    String name() {
        return names.getFirst();
    }

    Actions.Manner manner() {
        return new Actions.Manner(user, query.wait("wait"), query.flag("dryRun"));
    }
}
