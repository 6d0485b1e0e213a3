/// Hosts open resources: calls their entry points, measures and limits the calls, keeps timers and workers.
/// When a resource should run is not decided here.
@NullMarked
package dev.mainstay.monitor.host;

import org.jspecify.annotations.NullMarked;
