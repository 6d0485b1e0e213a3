/// The HTTP API of one node on a Unix socket.
///
/// Decided here: paths, parameters, and how state is put in words. Not decided here: what a change leads to.
@NullMarked
package dev.mainstay.service.http;

import org.jspecify.annotations.NullMarked;
