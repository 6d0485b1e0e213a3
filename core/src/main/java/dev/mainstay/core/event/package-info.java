/// Facts: what happened to the cluster, and the state that follows from it.
///
/// Decided here: how a fact changes the state. Not decided here: whether it should happen.
@NullMarked
package dev.mainstay.core.event;

import org.jspecify.annotations.NullMarked;
