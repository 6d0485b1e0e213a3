/// The resource type `filesystem`: something mounted where the group is.
///
/// Decided here: when it may be mounted, who may be ended so that it can be unmounted, what counts as its
/// loss. Not decided here: how mounts are read and watched (module `linux`).
@NullMarked
package dev.mainstay.types.filesystem;

import org.jspecify.annotations.NullMarked;
