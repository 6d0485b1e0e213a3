package dev.mainstay.service.log;

import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The data directory cannot be used as it is: what is so, and what to do. Nothing was changed in it.
public final class DirectoryRefused extends IOException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    /// @param message what was asked, what is so, what to do
    public DirectoryRefused(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /// Which entry of the page on errors explains it.
    public ErrorCode code() {
        return code;
    }

    static DirectoryRefused damaged(Path file, String what, String lost) {
        return new DirectoryRefused(
                ErrorCode.DATA_DAMAGED,
                ("use the file '%s': %s. %s Restore the data directory from a backup, or go on without what is lost: start "
                                + "once with --recover, which first puts the file aside.")
                        .formatted(file, what, lost));
    }

    /// What the system said, in words: the messages of these exceptions are bare paths.
    public static String words(IOException e) {
        return switch (e) {
            case NoSuchFileException none -> "'%s' does not exist".formatted(none.getFile());
            case FileAlreadyExistsException other ->
                "'%s' is there, but it is no directory. Put it out of the way".formatted(other.getFile());
            case AccessDeniedException denied ->
                "the user of the cluster service may not use '%s'. Give it to that user".formatted(denied.getFile());
            case DirectoryNotEmptyException full -> "the directory '%s' is not empty".formatted(full.getFile());
            case FileSystemException other
            when other.getReason() != null -> "'%s': %s".formatted(other.getFile(), other.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }
}
