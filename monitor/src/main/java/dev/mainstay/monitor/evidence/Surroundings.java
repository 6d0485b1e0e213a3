package dev.mainstay.monitor.evidence;

import java.io.IOException;
import java.util.List;

/// Looks at what belongs to a resource outside this process.
///
/// **Time:** may hang with what it looks at.
public interface Surroundings {
    /// Its processes: pid, state, what each waits for, command line, kernel stack where it may be read.
    List<String> processes(String resource);

    /// The last lines of its output.
    List<String> output(String resource) throws IOException;
}
