@NullMarked
package dev.mainstay.testkit;

import org.jspecify.annotations.NullMarked;
