@NullMarked
package dev.mainstay.core;

import org.jspecify.annotations.NullMarked;
