package dev.mainstay.linux;

import java.util.Arrays;
import java.util.Optional;

/// A signal by its name without SIG; the numbers are those of amd64 and aarch64 alike.
public enum Signal {
    /// Hang-up; many daemons read their configuration again.
    HUP(1),
    /// Interrupt, as from Ctrl-C.
    INT(2),
    /// Quit.
    QUIT(3),
    /// Illegal instruction.
    ILL(4),
    /// Abort.
    ABRT(6),
    /// Bad memory access on the bus.
    BUS(7),
    /// Arithmetic error.
    FPE(8),
    /// End at once; cannot be caught.
    KILL(9),
    /// For the program's own use.
    USR1(10),
    /// Bad memory access.
    SEGV(11),
    /// For the program's own use.
    USR2(12),
    /// Write to a pipe nobody reads.
    PIPE(13),
    /// Timer.
    ALRM(14),
    /// Polite request to end.
    TERM(15),
    /// CPU time limit.
    XCPU(24);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /// The number the kernel knows it by.
    public int number() {
        return number;
    }

    /// The signal of that name without SIG, if there is one.
    public static Optional<Signal> named(String name) {
        return Arrays.stream(values())
                .filter(signal -> signal.name().equals(name))
                .findFirst();
    }

    /// The signal of that number in words: `9 (KILL)`, or just the number.
    public static String words(int number) {
        return Arrays.stream(values())
                .filter(signal -> signal.number == number)
                .findFirst()
                .map(signal -> "%d (%s)".formatted(number, signal))
                .orElse(Integer.toString(number));
    }
}
