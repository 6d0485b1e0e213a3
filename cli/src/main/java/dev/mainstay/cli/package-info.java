/// The `mainstay` command: words to requests, views to text, outcomes to exit codes.
///
/// Decided here: commands, options, and how answers look. Not decided here: what a request does.
@NullMarked
package dev.mainstay.cli;

import org.jspecify.annotations.NullMarked;
