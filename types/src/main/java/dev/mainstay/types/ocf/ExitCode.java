package dev.mainstay.types.ocf;

import java.util.Arrays;

/// What an agent's exit code means, and what an operator can do about it.
///
/// **Source:** OCF Resource Agent API 1.1, section "Exit status codes"; 190 and 191 are Pacemaker's additions.
enum ExitCode {
    SUCCESS(0, "OCF_SUCCESS", "it succeeded", ""),
    GENERIC(1, "OCF_ERR_GENERIC", "it failed", "Look at the agent's output"),
    ARGUMENTS(
            2,
            "OCF_ERR_ARGS",
            "its parameters do not fit this node",
            "Correct the parameters, or what they name on this node"),
    UNIMPLEMENTED(3, "OCF_ERR_UNIMPLEMENTED", "the agent does not know this action", "Use another agent"),
    PERMISSION(
            4,
            "OCF_ERR_PERM",
            "it may not do what it needs to",
            "Check the rights of the files it names, and whether it needs a monitor that runs as root"),
    INSTALLED(
            5,
            "OCF_ERR_INSTALLED",
            "something it needs is not installed on this node",
            "Install it, or take this node out of possibleOwners"),
    CONFIGURED(6, "OCF_ERR_CONFIGURED", "its parameters are wrong on every node", "Correct the parameters"),
    NOT_RUNNING(7, "OCF_NOT_RUNNING", "it is not running", "Look at the agent's output"),
    PROMOTED(8, "OCF_RUNNING_PROMOTED", "it runs in the promoted role", "Demote it by its own means"),
    PROMOTED_FAILED(9, "OCF_FAILED_PROMOTED", "it failed in the promoted role", "Demote it by its own means"),
    DEGRADED(190, "OCF_DEGRADED", "it runs, but is about to fail", "Look at the agent's output"),
    PROMOTED_DEGRADED(
            191,
            "OCF_DEGRADED_PROMOTED",
            "it runs in the promoted role, but is about to fail",
            "Demote it by its own means"),
    /// The shell's words for a program it cannot run.
    NOT_EXECUTABLE(126, "126", "the agent or its interpreter cannot be executed", "Check its rights and first line"),
    NOT_FOUND(127, "127", "the agent or its interpreter was not found", "Check its first line"),
    OTHER(-1, "", "no exit code of the standard", "Look at the agent's output");

    private final int number;
    private final String symbol;
    private final String meaning;
    private final String advice;

    ExitCode(int number, String symbol, String meaning, String advice) {
        this.number = number;
        this.symbol = symbol;
        this.meaning = meaning;
        this.advice = advice;
    }

    static ExitCode of(int number) {
        return Arrays.stream(values())
                .filter(code -> code.number == number)
                .findFirst()
                .orElse(OTHER);
    }

    /// What follows for the operator; reads well as a sentence of its own.
    String advice() {
        return advice;
    }

    /// The code as it reads behind "ended with".
    static String words(int number) {
        var code = of(number);
        return switch (code) {
            case OTHER, NOT_EXECUTABLE, NOT_FOUND -> "exit code %d: %s".formatted(number, code.meaning);
            case SUCCESS,
                    GENERIC,
                    ARGUMENTS,
                    UNIMPLEMENTED,
                    PERMISSION,
                    INSTALLED,
                    CONFIGURED,
                    NOT_RUNNING,
                    PROMOTED,
                    PROMOTED_FAILED,
                    DEGRADED,
                    PROMOTED_DEGRADED -> "exit code %d (%s): %s".formatted(number, code.symbol, code.meaning);
        };
    }
}
