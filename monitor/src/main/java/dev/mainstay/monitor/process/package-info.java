/// Processes of resources.
@NullMarked
package dev.mainstay.monitor.process;

import org.jspecify.annotations.NullMarked;
