/// The resource type `script`: entry points written as verbs of a script, after the original's Generic Script.
///
/// Decided here: how a verb is called and what its exit code means. Not decided here: how processes are started
/// and ended (the monitor).
@NullMarked
package dev.mainstay.types.script;

import org.jspecify.annotations.NullMarked;
