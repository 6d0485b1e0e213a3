/// Which entry points there are, which of them may overlap, and in which one a thread is.
/// When an entry point is called is not decided here.
@NullMarked
package dev.mainstay.monitor.entry;

import org.jspecify.annotations.NullMarked;
