package dev.mainstay.service.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One method of one path, with the parameters and the body it knows: the one description of what can be asked.
///
/// @param path segments; one that is `*` stands for any name
record Route(String method, List<String> path, List<String> parameters, Body body, Answering answering) {
    /// What a request carries.
    enum Body {
        /// Nothing; whatever comes is not read.
        NONE,
        /// JSON.
        JSON,
        /// A manifest.
        YAML
    }

    /// Answers a request.
    @FunctionalInterface
    interface Answering {
        /// **Errors:** [dev.mainstay.api.ClusterException] for whatever the client can be told.
        Reply answer(Call call) throws InterruptedException;
    }

    /// Such as `Route.of("POST /v1/groups/*/online", List.of("wait"), ...)`.
    static Route of(String methodAndPath, List<String> parameters, Answering answering) {
        return of(methodAndPath, parameters, Body.NONE, answering);
    }

    /// One that takes a body.
    static Route of(String methodAndPath, List<String> parameters, Body body, Answering answering) {
        var space = methodAndPath.indexOf(' ');
        return new Route(
                methodAndPath.substring(0, space),
                split(methodAndPath.substring(space + 1)),
                parameters,
                body,
                answering);
    }

    /// This route, answered otherwise.
    Route with(Answering other) {
        return new Route(method, path, parameters, body, other);
    }

    /// Whether it only shows.
    boolean reads() {
        return method.equals("GET");
    }

    /// Its path as it is written, with NAME for any name.
    String written() {
        return "/" + String.join("/", path).replace("*", "NAME");
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
