/// The resource type `ip-address`: an address that moves with its group.
///
/// Decided here: on which interface it goes, when it counts as taken by another node, what its loss looks like.
/// Not decided here: how the kernel is asked (module `linux`).
@NullMarked
package dev.mainstay.types.address;

import org.jspecify.annotations.NullMarked;
