/// Decisions: what somebody wants or noticed becomes facts, or a refusal with its reason.
///
/// Decided here: every policy of the cluster. Not decided here: what a node has to do about it.
@NullMarked
package dev.mainstay.core.decision;

import org.jspecify.annotations.NullMarked;
