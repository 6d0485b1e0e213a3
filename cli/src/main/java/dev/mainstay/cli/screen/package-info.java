/// What a terminal shows: tables, lines, colours, errors.
///
/// Decided here: how values look. Not decided here: which values.
@NullMarked
package dev.mainstay.cli.screen;

import org.jspecify.annotations.NullMarked;
