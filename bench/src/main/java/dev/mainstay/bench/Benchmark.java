package dev.mainstay.bench;

import java.io.PrintStream;
import java.nio.file.Path;

/// One question about speed or cost, answered by running the real thing.
interface Benchmark {
    /// What `bench/run` calls it.
    String name();

    /// The question, in one line.
    String question();

    /// Measures, printing what it does meanwhile; leaves no process and no file behind.
    ///
    /// @param launcher the `mainstay` to measure
    Figures run(Path launcher, PrintStream progress) throws Exception;
}
