package dev.mainstay.service.manifest;

import dev.mainstay.api.ErrorView.Problem;
import java.util.List;

/// What reading a manifest yields.
public sealed interface Reading {
    /// Nothing is wrong with it.
    record Good(Manifest manifest) implements Reading {}

    /// Something is wrong; every problem found, in the order of the file.
    record Broken(List<Problem> problems) implements Reading {
        /// Copies the list.
        public Broken {
            problems = List.copyOf(problems);
        }
    }
}
