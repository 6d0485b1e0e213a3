package dev.mainstay.cli.run;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ResourceView;
import dev.mainstay.api.StatusView;
import dev.mainstay.api.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Takes everything offline, however long that takes, and says what is in the way.
final class ClusterStop implements Runnable {
    /// After so long without an end it is said what is in the way.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Between two attempts to reach a service that is being started again.
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final Supplier<Client> client;
    private final Consumer<String> note;
    private final Supplier<Optional<StatusView>> glance;

    ClusterStop(Supplier<Client> client, Consumer<String> note, Supplier<Optional<StatusView>> glance) {
        this.client = client;
        this.note = note;
        this.glance = glance;
    }

    @Override
    public void run() {
        var said = "";
        while (!Thread.currentThread().isInterrupted()) {
            try {
                var answer = client.get().stopCluster(Terms.waiting(PATIENCE));
                if (!answer.outcome().equals("pending")) {
                    return;
                }
                said = say(inTheWay(), said);
            } catch (ClusterException trouble) {
                said = say(String.valueOf(trouble.getMessage()), said);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private String say(String text, String said) {
        if (!text.isEmpty() && !text.equals(said)) {
            note.accept(text);
        }
        return text;
    }

    private String inTheWay() {
        List<ResourceView> busy = glance.get().stream()
                .flatMap(status -> status.groups().stream())
                .flatMap(group -> group.resources().stream())
                .filter(resource ->
                        !resource.state().equals("offline") && !resource.state().equals("failed"))
                .toList();
        if (busy.isEmpty()) {
            return "";
        }
        return busy.stream()
                .map(resource -> resource.name() + " is " + resource.state()
                        + (resource.checkpoint().isEmpty() ? "" : " (" + resource.checkpoint() + ")"))
                .collect(Collectors.joining(", ", "still in the way: ", ""));
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY_DELAY);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
