/// What a monitor leaves behind when it cannot go on: what hung where, and how the node was at that moment.
/// What follows from it is decided by the cluster service.
@NullMarked
package dev.mainstay.monitor.evidence;

import org.jspecify.annotations.NullMarked;
