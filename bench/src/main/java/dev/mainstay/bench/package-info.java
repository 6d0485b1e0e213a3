/// Benchmarks of whole processes: what an operator waits for and what the machine pays.
///
/// Measured here: times and costs seen from outside. Not here: whether anything is correct.
@NullMarked
package dev.mainstay.bench;

import org.jspecify.annotations.NullMarked;
