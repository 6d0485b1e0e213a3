package dev.mainstay.core.event;

/// What triggered the events of an entry.
///
/// @param command the kind of command, such as `move-group`
/// @param actor who sent it: a user, a node, or the clock
/// @param request the request's id, so that repeating it is recognised; empty where there is none
/// @param text the command in words
public record Cause(String command, String actor, String request, String text) {}
