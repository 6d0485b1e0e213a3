/// One node: its settings, its data directory, its life from start to stop, and the control of its resources.
///
/// Decided here: when orders and reports are sent. Not decided here: what is wanted of a resource.
@NullMarked
package dev.mainstay.service.node;

import org.jspecify.annotations.NullMarked;
