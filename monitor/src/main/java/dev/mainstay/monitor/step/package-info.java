/// Decides what follows from each event of one resource: pure, without time, threads or files.
/// What is done about it is not decided here but in the host.
@NullMarked
package dev.mainstay.monitor.step;

import org.jspecify.annotations.NullMarked;
