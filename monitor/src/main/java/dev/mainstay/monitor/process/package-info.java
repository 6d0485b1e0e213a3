/// The processes of resources: started so that they outlive the monitor, found again, watched, and ended as a
/// tree.
///
/// Decided here: what belongs to a resource's tree and how it is proven. Not decided here: when something is
/// started or ended (the resource type) and what follows from its end (the cluster service).
@NullMarked
package dev.mainstay.monitor.process;

import org.jspecify.annotations.NullMarked;
