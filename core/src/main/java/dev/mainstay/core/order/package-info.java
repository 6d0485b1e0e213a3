/// Orders: what a node has to tell its monitors so that they come to hold what was decided.
///
/// Decided here: the order in which resources start and stop. Not decided here: what is wanted.
@NullMarked
package dev.mainstay.core.order;

import org.jspecify.annotations.NullMarked;
