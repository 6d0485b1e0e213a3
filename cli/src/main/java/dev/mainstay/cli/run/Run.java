package dev.mainstay.cli.run;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.cli.screen.ErrorText;
import dev.mainstay.cli.screen.Terminal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;

/// `mainstay run FILE`.
public final class Run {
    private Run() {}

    /// Runs until it is told to stop; its value is the exit code.
    public static int run(Terminal terminal, String file, int nodes, Optional<String> data) {
        if (nodes == 2) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot run with --nodes 2: without a third vote two nodes survive no loss.",
                    "Use --nodes 1 or --nodes 3.");
        }
        var manifest = ManifestFile.read(file, "run");
        var launcher = launcher();
        var place = Place.of(file, nodes, data, terminal.environment());
        var front = new Front(terminal, launcher, place);
        StopSignals.tell(front::stopRequested);
        try {
            place.prepare();
            return front.run(file, manifest);
        } catch (ClusterException refused) {
            // First the end of the live screen: its last drawing would cover the message.
            front.abandon();
            ErrorText.show(refused, terminal);
            return refused.code().category().exitCode();
        } catch (AccessDeniedException denied) {
            front.abandon();
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot run '" + file + "': you may not write to '" + denied.getFile() + "'.",
                    "Give a folder of your own: --data DIR, or set HOME.");
        } catch (IOException trouble) {
            front.abandon();
            throw new ClusterException(
                    ErrorCode.STORAGE_FULL,
                    "cannot run '" + file + "': " + trouble + ".",
                    "Look at the folder '" + place.folder() + "', or give another one: --data DIR.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            front.abandon();
            throw new IllegalStateException("the main thread was interrupted", interrupted);
        }
    }

    private static String launcher() {
        var launcher = System.getProperty("mainstay.launcher", "");
        if (launcher.isEmpty()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot run: it is not known how to start a cluster service (mainstay.launcher is not set).",
                    "Start this command by the script 'mainstay'.");
        }
        return launcher;
    }
}
