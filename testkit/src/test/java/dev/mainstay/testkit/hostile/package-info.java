@NullMarked
package dev.mainstay.testkit.hostile;

import org.jspecify.annotations.NullMarked;
