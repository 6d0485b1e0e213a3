/// A desk for authors: one resource of a type in a monitor of its own, and a project to begin with. What is tried
/// here is not part of any cluster.
@NullMarked
package dev.mainstay.testkit.desk;

import org.jspecify.annotations.NullMarked;
