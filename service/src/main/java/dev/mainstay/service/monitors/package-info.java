/// The resource monitors of this node: starting them, taking up those that still run, talking to them.
///
/// Decided here: when a monitor is replaced. Not decided here: what it is told to do with its resources.
@NullMarked
package dev.mainstay.service.monitors;

import org.jspecify.annotations.NullMarked;
