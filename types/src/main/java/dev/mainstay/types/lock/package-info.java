/// The resource type `file-lock`: a lock on a file, held as long as the resource is online.
///
/// Decided here: who holds it (a process that outlives the monitor) and what proves that it is held.
@NullMarked
package dev.mainstay.types.lock;

import org.jspecify.annotations.NullMarked;
