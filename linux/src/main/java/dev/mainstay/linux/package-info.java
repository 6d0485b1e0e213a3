/// What Mainstay asks of the Linux kernel beyond the JDK: process identities, pidfds, control groups.
///
/// Decided here: how a question is put to the kernel, and that a pid alone never proves who a process is. Not
/// decided here: which process is to be ended and why.
@NullMarked
package dev.mainstay.linux;

import org.jspecify.annotations.NullMarked;
