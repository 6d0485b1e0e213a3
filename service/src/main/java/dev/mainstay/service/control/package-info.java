/// The controller: takes commands, lets the leader decide them one after another, and keeps this node's state.
///
/// Decided here: in which order commands are decided and how they become log entries. Not decided here: the
/// policies.
@NullMarked
package dev.mainstay.service.control;

import org.jspecify.annotations.NullMarked;
