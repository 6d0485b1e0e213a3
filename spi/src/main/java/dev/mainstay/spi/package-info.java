/// The contract between a resource type and the resource monitor that hosts it.
///
/// Decided here: which entry points a type has, what it may ask of its monitor, how it describes itself.
/// Not decided here: when an entry point is called (the monitor) and what follows from a failure (the cluster
/// service).
@NullMarked
package dev.mainstay.spi;

import org.jspecify.annotations.NullMarked;
