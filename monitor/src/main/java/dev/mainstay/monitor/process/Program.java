package dev.mainstay.monitor.process;

import dev.mainstay.linux.ErrorNumber;
import dev.mainstay.linux.NewProcess.RefusedException;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The file that a command's first word means, and why it could not be started.
///
/// @param file where it is
/// @param user whom it is started as
record Program(String resource, Path file, Path directory, String user) {
    private static final String INTERPRETED = "#!";
    private static final String BINARY = "\177ELF";
    /// As much of a file as the kernel looks at.
    private static final int HEAD_BYTES = 256;

    /// A word with a slash is a path, taken from the working directory; any other is looked for in `searchPath`.
    static Program find(String word, String resource, Path directory, String user, String searchPath)
            throws ResourceFailure {
        if (word.contains("/")) {
            return new Program(resource, directory.resolve(word), directory, user);
        }
        return inFolders(word, searchPath, resource)
                .map(file -> new Program(resource, file, directory, user))
                .orElseThrow(() -> LastingFailure.here(
                        "starting '%s': the program '%s' is in none of the folders %s. Install it, or give its full path"
                                .formatted(resource, word, searchPath)));
    }

    private static Optional<Path> inFolders(String word, String searchPath, String resource) throws ResourceFailure {
        try {
            return FileWork.of("looking for '" + word + "'", Optional.empty(), FileWork.LIMIT, () -> {
                for (var folder : searchPath.split(":")) {
                    var candidate = Path.of(folder).resolve(word);
                    if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                        return Optional.of(candidate);
                    }
                }
                return Optional.empty();
            });
        } catch (IOException e) {
            throw new ResourceFailure("starting '%s': %s".formatted(resource, e.getMessage()), e);
        }
    }

    /// Whether it is a text without a first line that names its interpreter: a shell runs such a one, as it does
    /// for every program that starts others the usual way.
    boolean isPlainText() {
        var head = head();
        return !head.isEmpty() && !head.startsWith(INTERPRETED) && head.indexOf('\0') < 0;
    }

    /// What the kernel's refusal means, and what to do.
    ResourceFailure failure(RefusedException refused) {
        var words = switch (refused.step()) {
            case PROGRAM -> programWords(refused);
            case DIRECTORY -> directoryWords(refused);
            case OTHER -> refused.getMessage() + ". Check the node's limits";
        };
        var text = "starting '%s': %s".formatted(resource, words);
        return switch (refused.step()) {
            case PROGRAM ->
                lasts(refused.number()) ? missing(text, file).because(refused) : new ResourceFailure(text, refused);
            case DIRECTORY ->
                lasts(refused.number())
                        ? missing(text, directory).because(refused)
                        : new ResourceFailure(text, refused);
            case OTHER -> new ResourceFailure(text, refused);
        };
    }

    private static LastingFailure missing(String text, Path path) {
        return LastingFailure.missing(text, path);
    }

    /// Whether the same refusal follows until somebody changes something.
    private static boolean lasts(int number) {
        return switch (number) {
            case ErrorNumber.ENOENT, ErrorNumber.ENOTDIR, ErrorNumber.EACCES, ErrorNumber.ENOEXEC, ErrorNumber.E2BIG ->
                true;
            default -> false;
        };
    }

    /// What can be seen of a refusal before it is started.
    void examine() throws ResourceFailure {
        if (!ask(() -> Files.isDirectory(directory), true)) {
            throw missing(
                    "starting '%s': the working directory '%s' is no folder of this node. Create it, or name another"
                            .formatted(resource, directory),
                    directory);
        }
        if (!ask(() -> Files.exists(file), true)) {
            throw missing("starting '%s': %s".formatted(resource, absentWords()), file);
        }
        if (!ask(() -> Files.isRegularFile(file) && Files.isExecutable(file), true)) {
            throw missing("starting '%s': %s".formatted(resource, forbiddenWords()), file);
        }
        var interpreter = interpreter(head());
        if (interpreter.isPresent() && !ask(() -> Files.exists(Path.of(interpreter.get())), true)) {
            throw missing("starting '%s': %s".formatted(resource, absentWords()), Path.of(interpreter.get()));
        }
    }

    private String directoryWords(RefusedException refused) {
        return switch (refused.number()) {
            case ErrorNumber.ENOENT ->
                "the working directory '%s' does not exist. Create it, or name another".formatted(directory);
            case ErrorNumber.EACCES ->
                "user '%s' may not enter the working directory '%s'. Change its rights, or name another"
                        .formatted(user, directory);
            default -> "the working directory '%s': %s. Name another".formatted(directory, refused.meaning());
        };
    }

    private String programWords(RefusedException refused) {
        return switch (refused.number()) {
            case ErrorNumber.ENOENT, ErrorNumber.ENOTDIR -> absentWords();
            case ErrorNumber.EACCES -> forbiddenWords();
            case ErrorNumber.ENOEXEC ->
                "'%s' is no program that this machine (%s) can run. Install the one made for it"
                        .formatted(file, System.getProperty("os.arch"));
            case ErrorNumber.E2BIG ->
                "the arguments and the environment of '%s' are longer together than the kernel takes. Put some of it into a file"
                        .formatted(file);
            default ->
                "'%s' cannot be run: %s. Check the program and the node's limits".formatted(file, refused.meaning());
        };
    }

    private String absentWords() {
        var head = head();
        var interpreter = interpreter(head);
        if (interpreter.isPresent()) {
            var line = interpreter.get();
            return line.endsWith("\r")
                    ? "the first line of '%s' ends with a carriage return, so that its interpreter '%s' is not found. Give it the line ends of Unix"
                            .formatted(file, line.strip())
                    : "the first line of '%s' names the interpreter '%s', which does not exist on this node. Install it, or correct the line"
                            .formatted(file, line);
        }
        if (head.startsWith(BINARY)) {
            return "'%s' needs a loader of another C library, which is not on this node. Install the one made for it"
                    .formatted(file);
        }
        return "the program '%s' does not exist on this node. Install it, or correct the path".formatted(file);
    }

    private String forbiddenWords() {
        var runnable = ask(() -> Files.isRegularFile(file) && Files.isExecutable(file), true);
        if (!runnable) {
            return "'%s' is not an executable file. Make it one: chmod +x '%s'".formatted(file, file);
        }
        var interpreter = interpreter(head());
        return interpreter.isPresent()
                ? "user '%s' may not run '%s' or its interpreter '%s'. Change their rights, or those of the folders above"
                        .formatted(user, file, interpreter.get())
                : "user '%s' may not run '%s'. Change its rights, those of the folders above, or the mount (noexec)"
                        .formatted(user, file);
    }

    private static Optional<String> interpreter(String head) {
        if (!head.startsWith(INTERPRETED)) {
            return Optional.empty();
        }
        var line = head.substring(INTERPRETED.length()).split("\n", 2)[0].stripLeading();
        var end = line.indexOf(' ');
        return Optional.of(end < 0 ? line : line.substring(0, end));
    }

    private String head() {
        return ask(
                () -> {
                    try (var in = Files.newInputStream(file)) {
                        return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
                    }
                },
                "");
    }

    private <T> T ask(java.util.concurrent.Callable<T> question, T otherwise) {
        try {
            return FileWork.of("looking at '" + file + "'", Optional.empty(), FileWork.LIMIT, question);
        } catch (IOException unreadable) {
            return otherwise;
        }
    }
}
