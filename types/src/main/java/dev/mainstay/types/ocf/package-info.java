/// The resource type `ocf`: any resource agent after the Open Cluster Framework's standard, 1.0 and 1.1.
///
/// Decided here: how an agent's actions are called, what its exit codes mean, what its meta-data says of its
/// parameters, time limits and check levels. Not decided here: how processes are started and ended (the monitor).
@NullMarked
package dev.mainstay.types.ocf;

import org.jspecify.annotations.NullMarked;
