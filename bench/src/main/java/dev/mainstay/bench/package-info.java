/// Benchmarks over the assembled product: what a service's users and its machine notice of Mainstay.
@NullMarked
package dev.mainstay.bench;

import org.jspecify.annotations.NullMarked;
