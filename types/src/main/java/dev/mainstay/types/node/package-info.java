/// What types share that change the node itself instead of starting a program.
///
/// Decided here: how a resource remembers what it put on this node, and how a check that may hang is kept from
/// hanging the monitor. Not decided here: what is put there and what is checked.
@NullMarked
package dev.mainstay.types.node;

import org.jspecify.annotations.NullMarked;
