/// `mainstay run`: cluster services in the foreground, for as long as somebody watches.
///
/// Decided here: where their data is, how they are started, watched and ended. Not decided here: what they do.
@NullMarked
package dev.mainstay.cli.run;

import org.jspecify.annotations.NullMarked;
