package dev.mainstay.service.control;

import dev.mainstay.core.decision.Command;

/// A command on its way to the leader.
///
/// @param id makes repeating it safe; unique per request
/// @param actor who sends it: `user NAME` or `node NAME`
/// @param text the command in words, for the journal
/// @param dryRun whether to decide without carrying out
public record Request(String id, String actor, String text, Command command, boolean dryRun) {}
