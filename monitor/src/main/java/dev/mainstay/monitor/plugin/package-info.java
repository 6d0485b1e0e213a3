/// Finds resource types in plugins from outside, refuses what must not or cannot run here, and keeps the code of
/// each plugin apart. When a plugin is looked for, and who uses its types, is not decided here.
@NullMarked
package dev.mainstay.monitor.plugin;

import org.jspecify.annotations.NullMarked;
