/// The cluster service's process: its command line and its end.
///
/// Decided here: options and exit codes. Not decided here: what a node does.
@NullMarked
package dev.mainstay.service;

import org.jspecify.annotations.NullMarked;
