package dev.mainstay.dist;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A `mainstay run` that goes on.
///
/// @param data where its nodes keep their data, a folder for each
record Front(Process process, Path output, Path data) {
    /// Starts it and waits until its manifest is applied.
    static Front start(Product product, String manifest, String... options) throws IOException {
        var output = product.folder().resolve("run.txt");
        var data = product.folder().resolve("run");
        var arguments = new java.util.ArrayList<>(List.of("run", manifest, "--data", data.toString()));
        arguments.addAll(List.of(options));
        var front = new Front(product.start(output, arguments.toArray(String[]::new)), output, data);
        front.until("the manifest applied", () -> front.text().contains("applied ") || !front.process.isAlive());
        return front;
    }

    /// The API of one of its nodes.
    Client node(String name) {
        return Client.at(socket(name));
    }

    Path socket(String name) {
        return data.resolve(name).resolve("run/api.sock");
    }

    /// Waits for a condition.
    void until(String what, BooleanSupplier condition) {
        Await.until(what, Product.PATIENCE, this::text, condition);
    }

    /// Waits until a node sees a resource in a state.
    void await(String node, String resource, String state) {
        until(
                "%s sees %s %s".formatted(node, resource, state),
                () -> stateOf(node, resource).equals(state));
    }

    private String stateOf(String node, String resource) {
        try {
            return node(node).resource(resource).state();
        } catch (ClusterException notNow) {
            return notNow.code().toString();
        }
    }

    /// What it has printed.
    String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "no output: " + e;
        }
    }

    /// Ctrl-C, as the terminal sends it.
    int interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(Product.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running after Ctrl-C\n" + text());
        }
        return process.exitValue();
    }

    /// What a web server answers, or empty while it does not.
    static String page(String url) {
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException notNow) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
