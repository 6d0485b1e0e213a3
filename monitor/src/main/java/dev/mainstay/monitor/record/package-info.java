/// What a monitor leaves on disk about each running resource, so that the next monitor can adopt it.
@NullMarked
package dev.mainstay.monitor.record;

import org.jspecify.annotations.NullMarked;
