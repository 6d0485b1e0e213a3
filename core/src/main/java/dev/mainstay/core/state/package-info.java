/// The cluster as one immutable value: what was wanted, what was decided, what was observed.
///
/// Decided here: which values exist and which of them are possible. Not decided here: how they change.
@NullMarked
package dev.mainstay.core.state;

import org.jspecify.annotations.NullMarked;
