/// Tests over the whole: who may see whom, what the source tree may hold, and the assembled product as processes.
@NullMarked
package dev.mainstay.dist;

import org.jspecify.annotations.NullMarked;
