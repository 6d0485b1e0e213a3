@NullMarked
package dev.mainstay.core.state;

import org.jspecify.annotations.NullMarked;
