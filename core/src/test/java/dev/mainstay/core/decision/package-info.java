@NullMarked
package dev.mainstay.core.decision;

import org.jspecify.annotations.NullMarked;
