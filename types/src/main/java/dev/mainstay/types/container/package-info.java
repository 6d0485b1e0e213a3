/// The resource type `container`: one container of podman or docker.
///
/// Decided here: what online and alive mean for a container, and whose container may be removed. Not decided here:
/// how containers are run (the engine) and checks are repeated (`types.check`).
@NullMarked
package dev.mainstay.types.container;

import org.jspecify.annotations.NullMarked;
