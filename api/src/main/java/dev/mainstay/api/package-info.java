/// What a client of the cluster service sees: views, requests, errors, and a client over the Unix socket.
///
/// Decided here: names and shapes of the HTTP API under `/v1`. Not decided here: what a request does.
@NullMarked
package dev.mainstay.api;

import org.jspecify.annotations.NullMarked;
