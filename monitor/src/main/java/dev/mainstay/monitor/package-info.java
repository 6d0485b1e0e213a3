/// The process of a resource monitor: how it starts, what ends it.
@NullMarked
package dev.mainstay.monitor;

import org.jspecify.annotations.NullMarked;
