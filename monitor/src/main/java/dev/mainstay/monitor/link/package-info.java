/// The connection to the cluster service: connecting again, reading orders, writing reports that never block.
@NullMarked
package dev.mainstay.monitor.link;

import org.jspecify.annotations.NullMarked;
