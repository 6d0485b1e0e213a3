/// The replicated log and the engine that carries it.
///
/// Decided here: how entries are stored, replicated and snapshotted. Not decided here: what they mean.
@NullMarked
package dev.mainstay.service.log;

import org.jspecify.annotations.NullMarked;
