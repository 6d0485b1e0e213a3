/// Asking whether something serves, by HTTP, TCP or a command; and the resource types `http` and `tcp`, which do
/// nothing else.
///
/// Decided here: what an answer means, and how many bad ones in a row are a failure. Not decided here: when a
/// check is made (the monitor), and what a program is that can be asked (the type `process`).
@NullMarked
package dev.mainstay.types.check;

import org.jspecify.annotations.NullMarked;
