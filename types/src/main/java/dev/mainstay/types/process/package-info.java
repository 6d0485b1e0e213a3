/// The resource type `process`: one program, kept running and asked whether it serves.
///
/// Decided here: what online, offline and alive mean for a program. Not decided here: how processes are started,
/// found and ended (the monitor).
@NullMarked
package dev.mainstay.types.process;

import org.jspecify.annotations.NullMarked;
