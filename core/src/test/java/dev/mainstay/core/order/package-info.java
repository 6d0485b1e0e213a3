@NullMarked
package dev.mainstay.core.order;

import org.jspecify.annotations.NullMarked;
