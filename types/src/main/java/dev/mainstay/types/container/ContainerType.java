package dev.mainstay.types.container;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.Objections;
import java.util.List;

/// The resource type `container`: one container, run by podman or docker and watched by the kernel's word.
public final class ContainerType implements ResourceType {
    private static final long MINUTE_MILLIS = 60_000;
    private static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "container",
            "1.0.0",
            "Runs a container by podman or docker: online once its first process runs and its health command, if"
                    + " there is one, succeeds; failed as soon as that process ends. It is made anew at each start and"
                    + " removed when it is taken offline, so what it must keep belongs into volumes. The engine's own"
                    + " restart policy is always `no`. A container of the same name that somebody else made is left"
                    + " alone.",
            List.of(
                    required(
                            "image",
                            Kind.TEXT,
                            "The image, best with a registry and a tag or digest, and present on every possible owner"
                                    + " before it is needed."),
                    optional("command", Kind.LIST, "What runs in it and its arguments. Default: the image's own."),
                    optional(
                            "options",
                            Kind.LIST,
                            "Further options of the engine's `run`, one list element each, such as --network=host or"
                                    + " --volume=/srv/data:/data."),
                    optional(
                            "name",
                            Kind.TEXT,
                            "The container's name; no two resources of a node may have the same, whatever their engine."
                                    + " Default: mainstay- and the resource's name."),
                    optional("pull", Kind.CHOICE, "Whether the image is fetched from its registry at a start.")
                            .withDefault("missing")
                            .choosing("missing", "never", "always"),
                    optional(
                                    "engine",
                                    Kind.TEXT,
                                    "podman, docker, a full path, or auto for the first of podman and docker that is"
                                            + " installed.")
                            .withDefault("auto"),
                    optional(
                            "environment",
                            Kind.MAP,
                            "Environment variables of the engine's command, such as CONTAINERS_CONF; those of the"
                                    + " container are options: --env=NAME=VALUE."),
                    optional(
                            "healthCommand",
                            Kind.LIST,
                            "A command and its arguments, run in the container at each looksAliveInterval and"
                                    + " isAliveInterval; exit code 0 means healthy."),
                    optional(
                                    "checkTimeout",
                                    Kind.DURATION,
                                    "How long the engine may take to answer, and the health command to end. A check"
                                            + " that takes longer is undecided; the third in a row means failed.")
                            .withDefault("10s")
                            .within(100, 10 * MINUTE_MILLIS),
                    optional(
                                    "startTimeout",
                                    Kind.DURATION,
                                    "How long the engine may take to start the container, with the time to fetch its"
                                            + " image. Raise the pending timeout with it.")
                            .withDefault("2min")
                            .within(1000, DAY_MILLIS),
                    optional(
                                    "startGrace",
                                    Kind.DURATION,
                                    "How long the started container may take until its health command succeeds.")
                            .withDefault("60s")
                            .within(100, DAY_MILLIS),
                    optional(
                                    "stopGrace",
                                    Kind.DURATION,
                                    "How long the container may take to end after it was asked to; then it is killed."
                                            + " Rounded up to whole seconds.")
                            .withDefault("10s")
                            .within(0, DAY_MILLIS)));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return ContainerResource.open(context);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(request, properties -> Engine.examine(properties, request));
    }
}
