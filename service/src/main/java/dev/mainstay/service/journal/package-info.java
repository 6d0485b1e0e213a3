/// The journal: every fact applied on this node, kept for weeks, so that any node can say why something happened.
///
/// Decided here: what of a fact is kept, and for how long. Not decided here: what happens in the cluster.
@NullMarked
package dev.mainstay.service.journal;

import org.jspecify.annotations.NullMarked;
