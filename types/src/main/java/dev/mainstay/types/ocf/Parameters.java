package dev.mainstay.types.ocf;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.ocf.Metadata.Parameter;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Compares the parameters of a resource with what its agent says it takes.
final class Parameters {
    /// What `ocf-shellfuncs` takes for every agent that uses it.
    private static final Set<String> OF_ANY_AGENT = Set.of("trace_ra", "trace_dir");

    private static final Set<String> BOOLEANS =
            Set.of("true", "false", "yes", "no", "on", "off", "1", "0", "y", "n", "t", "f", "ja", "nein");

    private Parameters() {}

    /// Everything that is wrong, at once.
    static List<String> troubles(Metadata metadata, Map<String, String> set) {
        var troubles = new ArrayList<String>();
        set.forEach((name, value) -> {
            var known = metadata.parameter(name);
            if (known.isPresent()) {
                wrong(known.get(), value).ifPresent(troubles::add);
            } else if (!OF_ANY_AGENT.contains(name)) {
                troubles.add("it takes no parameter '%s'%s".formatted(name, instead(metadata, name)));
            }
        });
        metadata.parameters().stream()
                .filter(one -> one.required() && one.defaultValue().isEmpty())
                .filter(one -> set.getOrDefault(one.name(), "").isEmpty())
                .map(one -> "it needs parameter '%s'%s".formatted(one.name(), help(one)))
                .forEach(troubles::add);
        return troubles;
    }

    /// Refuses what the agent does not take and notes what deserves it.
    static void check(ResourceContext context, Agent agent, Metadata metadata) throws ResourceFailure {
        var set = context.properties().map("parameters");
        var troubles = troubles(metadata, set);
        if (!troubles.isEmpty()) {
            throw new LastingFailure("opening '%s': agent '%s' does not take its parameters: %s. Correct 'parameters'"
                    .formatted(context.resource(), agent, String.join("; ", troubles)));
        }
        var used = metadata.parameters().stream()
                .filter(one -> set.containsKey(one.name()))
                .toList();
        used.stream()
                .filter(Parameter::deprecated)
                .forEach(one -> context.logger()
                        .log(
                                Level.WARNING,
                                "agent ''{0}'' calls its parameter ''{1}'' deprecated: it may be gone in a later version",
                                agent,
                                one.name()));
        used.stream()
                .filter(Parameter::unique)
                .forEach(one -> context.logger()
                        .log(
                                Level.DEBUG,
                                "no other resource of agent ''{0}'' may have the same ''{1}''",
                                agent,
                                one.name()));
    }

    /// An agent whose own default is not of the type it declares does not mean that type.
    private static Optional<String> wrong(Parameter parameter, String value) {
        var meant = parameter.defaultValue().isEmpty() || fits(parameter, parameter.defaultValue());
        return value.isEmpty() || !meant || fits(parameter, value)
                ? Optional.empty()
                : Optional.of(
                        "parameter '%s' is '%s', expected %s".formatted(parameter.name(), value, expected(parameter)));
    }

    private static boolean fits(Parameter parameter, String value) {
        return switch (parameter.type()) {
            case "integer" -> value.matches("[+-]?\\d+");
            case "boolean" -> BOOLEANS.contains(value.toLowerCase(Locale.ROOT));
            case "select" ->
                parameter.options().isEmpty() || parameter.options().contains(value);
            default -> true; // texts, and types that authors made up
        };
    }

    private static String expected(Parameter parameter) {
        return switch (parameter.type()) {
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            default -> "one of " + String.join(", ", parameter.options());
        };
    }

    private static String instead(Metadata metadata, String name) {
        var alike = metadata.parameters().stream()
                .map(Parameter::name)
                .filter(one -> plain(one).equals(plain(name)))
                .findFirst();
        if (alike.isPresent()) {
            return ", but '%s'".formatted(alike.get());
        }
        return metadata.parameters().isEmpty()
                ? ", nor any other"
                : " (it takes: %s)"
                        .formatted(metadata.parameters().stream()
                                .map(Parameter::name)
                                .sorted()
                                .collect(Collectors.joining(", ")));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    }

    private static String help(Parameter parameter) {
        return parameter.help().isEmpty() ? "" : " (%s)".formatted(parameter.help());
    }
}
