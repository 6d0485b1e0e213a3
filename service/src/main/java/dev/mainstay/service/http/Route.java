package dev.mainstay.service.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One method of one path, with the parameters it knows.
///
/// @param path segments; one that is `*` stands for any name
record Route(String method, List<String> path, List<String> parameters, Answering answering) {
    /// Answers a request.
    @FunctionalInterface
    interface Answering {
        /// **Errors:** [dev.mainstay.api.ClusterException] for whatever the client can be told.
        Reply answer(Call call) throws InterruptedException;
    }

    /// Such as `Route.of("POST /v1/groups/*/online", List.of("wait"), ...)`.
    static Route of(String methodAndPath, List<String> parameters, Answering answering) {
        var space = methodAndPath.indexOf(' ');
        return new Route(
                methodAndPath.substring(0, space), split(methodAndPath.substring(space + 1)), parameters, answering);
    }

    /// The names in place of the stars, when the path is of this form.
    Optional<List<String>> match(List<String> segments) {
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        for (var index = 0; index < path.size(); index++) {
            if (path.get(index).equals("*")) {
                names.add(segments.get(index));
            } else if (!path.get(index).equals(segments.get(index))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    static List<String> split(String path) {
        var trimmed = path.startsWith("/") ? path.substring(1) : path;
        return List.of((trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed).split("/", -1));
    }
}
