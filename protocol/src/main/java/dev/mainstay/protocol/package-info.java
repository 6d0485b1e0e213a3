/// What cluster service and resource monitor say to each other, and how it becomes bytes.
///
/// Decided here: the messages, their encoding, versions and limits. Not decided here: when a message is sent.
@NullMarked
package dev.mainstay.protocol;

import org.jspecify.annotations.NullMarked;
