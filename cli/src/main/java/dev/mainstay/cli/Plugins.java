package dev.mainstay.cli;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.JsonText;
import dev.mainstay.api.ResourceView;
import dev.mainstay.api.TypeView;
import dev.mainstay.api.TypesView;
import dev.mainstay.protocol.PlainText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The commands about plugins. What runs their code or writes files is done by the [Desk].
final class Plugins {
    /// Where the service of a machine keeps them, as installed.
    private static final Path OF_THE_MACHINE = Path.of("/var/lib/mainstay/plugins");

    private Plugins() {}

    static int install(Invocation call) {
        return change(call, "install");
    }

    static int upgrade(Invocation call) {
        return change(call, "upgrade");
    }

    static int remove(Invocation call) {
        return change(call, "remove");
    }

    static int tryOut(Invocation call) {
        List<String> words = new ArrayList<>(List.of("try", call.name()));
        call.value("type").ifPresent(type -> words.addAll(List.of("--type", type)));
        call.values("property").forEach(property -> words.addAll(List.of("-p", property)));
        return Desk.ofThisInstallation().converse(words);
    }

    static int write(Invocation call) {
        var json = call.json();
        List<String> words = new ArrayList<>(
                List.of("new", call.name(), "--dir", call.value("dir").orElse(".")));
        call.value("example").ifPresent(example -> words.addAll(List.of("--example", example)));
        var said = Desk.ofThisInstallation().ask(words);
        return tell(call, json, said, 0);
    }

    /// The folder is changed by this command, on this machine; then the service that runs here is told.
    private static int change(Invocation call, String verb) {
        var json = call.json();
        var client = call.client();
        var types = offered(call, client);
        var folder =
                call.value("plugins").or(() -> types.map(TypesView::plugins)).orElse(OF_THE_MACHINE.toString());
        var users = verb.equals("remove") ? users(client, types, call.name()) : List.<String>of();
        List<String> said =
                new ArrayList<>(Desk.ofThisInstallation().ask(List.of(verb, call.name(), "--plugins", folder)));
        if (!users.isEmpty()) {
            said.add("What is online of it goes on and cannot come online again: " + String.join(", ", users) + ".");
        }
        if (types.isEmpty()) {
            said.add("No cluster service was told, because none answers: the next one that starts finds it.");
            return tell(call, json, said, 0);
        }
        var told = client.loadPlugins();
        said.add(told.message());
        return tell(call, json, said, told.revision());
    }

    /// What the service offers, if there is one; one that was named must be there.
    private static Optional<TypesView> offered(Invocation call, Client client) {
        try {
            return Optional.of(client.types());
        } catch (ClusterException refused) {
            if (refused.code() != ErrorCode.SERVICE_NOT_RUNNING || call.namesService()) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    private static List<String> users(Client client, Optional<TypesView> types, String plugin) {
        var gone = types.stream()
                .flatMap(offered -> offered.types().stream())
                .filter(type -> type.plugin().equals(plugin))
                .map(TypeView::name)
                .toList();
        return gone.isEmpty()
                ? List.of()
                : client.resources().stream()
                        .filter(resource -> gone.contains(resource.type()))
                        .map(ResourceView::name)
                        .toList();
    }

    private static int tell(Invocation call, boolean json, List<String> said, long revision) {
        if (json) {
            call.terminal().json(JsonText.of(new ActionView("done", String.join(" ", said), revision)));
        } else {
            said.forEach(line -> call.terminal().line(PlainText.oneLine(line)));
        }
        return 0;
    }
}
