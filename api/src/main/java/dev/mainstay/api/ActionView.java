package dev.mainstay.api;

import io.avaje.jsonb.Json;

/// The outcome of a changing request.
///
/// @param outcome `done` (the wanted state is reached), `failed` (it cannot be reached now) or `pending`
///     (time ran out while waiting; it goes on)
/// @param message what is so now, in one sentence
/// @param revision the revision at which the request was decided
@Json
public record ActionView(String outcome, String message, long revision) {}
