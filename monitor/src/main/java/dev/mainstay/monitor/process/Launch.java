package dev.mainstay.monitor.process;

import dev.mainstay.linux.Child;
import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ErrorNumber;
import dev.mainstay.linux.ExitWatch;
import dev.mainstay.linux.NewProcess;
import dev.mainstay.linux.OpenFile;
import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One command that was found fit to be started, with everything that will prove whose it is.
///
/// Nothing stands between the monitor and the program; see [NewProcess].
///
/// @param line the program and its arguments
/// @param environment the whole environment, marks included
/// @param early whether the working directory is the resource's own folder, which its user may not reach
/// @param call the entry point that waits for it; empty when none does
/// @param mark what proves that a process descends from this launch
record Launch(
        String resource,
        List<String> line,
        Map<String, String> environment,
        Account account,
        Path workingDirectory,
        boolean early,
        LogFile log,
        Optional<ControlGroup> group,
        Optional<String> call,
        Tree.Mark mark) {
    static final String RESOURCE_MARK = "MAINSTAY_RESOURCE";
    static final String LAUNCH_MARK = "MAINSTAY_LAUNCH";
    /// Says in a short command which entry point waits for it, such as `offline web`.
    static final String ENTRY_POINT_MARK = "MAINSTAY_ENTRY_POINT";
    /// Says in a short command which process it is, by pid and start time: what it leaves running inherits both
    /// marks, but once that process has ended nobody waits any more.
    static final String ENTRY_POINT_RUN_MARK = "MAINSTAY_ENTRY_POINT_RUN";
    /// Where programs are looked for, as on a login of root on Debian.
    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final Path NULL = Path.of("/dev/null");
    /// Runs a text that names no interpreter, as POSIX has it for every program that is searched for by name.
    private static final Path SHELL = Path.of("/bin/sh");

    /// Becoming a program takes a millisecond, unless its file or folder is on a silent file server.
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// A program that was started.
    ///
    /// @param exit told when it has ended
    /// @param logFrom how long its log was before
    /// @param logInode which file its log is
    record Started(
            Child child, ProcessIdentity identity, CompletableFuture<Integer> exit, long logFrom, long logInode) {}

    /// Makes a launch of a command.
    ///
    /// @param site the entry point that waits for the command; empty for one that outlives it
    /// **Errors:** [ResourceFailure] says what is missing and what to do.
    static Launch prepare(
            Command command,
            String resource,
            Path own,
            Tree.Mark resourceMark,
            String name,
            Optional<ControlGroup> group,
            Optional<CallSite> site)
            throws ResourceFailure {
        if (command.line().isEmpty() || command.line().getFirst().isEmpty()) {
            throw new LastingFailure("starting '%s': its command is empty. Name the program first".formatted(resource));
        }
        var account = Account.of(command.user(), resource);
        var environment = environment(account, command);
        environment.put(resourceMark.name(), resourceMark.value());
        environment.put(LAUNCH_MARK, name);
        environment.remove(ENTRY_POINT_MARK);
        environment.remove(ENTRY_POINT_RUN_MARK);
        var call = site.map(here -> here.call().word() + " " + resource);
        ProgramWords.check(resource, command.line(), environment);
        var inside = within(own, command.log());
        var log = new LogFile(command.log(), command.logLimits(), inside ? Optional.empty() : account.user());
        var directory = command.workingDirectory().toAbsolutePath();
        return new Launch(
                resource,
                command.line(),
                environment,
                account,
                directory,
                within(own, directory),
                log,
                group,
                call,
                new Tree.Mark(LAUNCH_MARK, name, resourceMark.lineage().launch(name)));
    }

    /// What can be seen beforehand of a refusal to start the command.
    static void examine(Command command) throws ResourceFailure {
        if (command.line().isEmpty() || command.line().getFirst().isEmpty()) {
            throw new LastingFailure("starting '': its command is empty. Name the program first");
        }
        var account = Account.of(command.user(), "");
        var environment = environment(account, command);
        ProgramWords.check("", command.line(), environment);
        Program.find(
                        command.line().getFirst(),
                        "",
                        command.workingDirectory(),
                        account.name(),
                        environment.getOrDefault("PATH", PATH))
                .examine();
    }

    private static Map<String, String> environment(Account account, Command command) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", PATH);
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", account.home());
        environment.put("USER", account.name());
        environment.put("LOGNAME", account.name());
        environment.putAll(command.environment());
        return environment;
    }

    /// Whether it is in a folder of ours, where nobody else can put anything.
    private static boolean within(Path own, Path path) {
        return path.toAbsolutePath().normalize().startsWith(own.toAbsolutePath().normalize());
    }

    /// Starts it; it is in `records` before it becomes its program.
    Started start(ExitWatch watch, Optional<LaunchRecords> records) throws ResourceFailure {
        var program = Program.find(
                line.getFirst(), resource, workingDirectory, account.name(), environment.getOrDefault("PATH", PATH));
        var opened = log.open(resource, group.isPresent() ? Optional.empty() : lineageOutput());
        try (var output = opened.file();
                var input = OpenFile.reading(
                        group.isPresent() ? NULL : mark.lineage().path())) {
            if (group.isPresent()) {
                group.get().create();
            }
            try {
                return started(begin(program.file(), line, input, output, records), program, watch, opened);
            } catch (NewProcess.RefusedException refused) {
                if (refused.number() != ErrorNumber.ENOEXEC || !program.isPlainText()) {
                    throw refused;
                }
            }
            var words = new ArrayList<>(List.of(SHELL.toString(), program.file().toString()));
            words.addAll(line.subList(1, line.size()));
            return started(begin(SHELL, words, input, output, records), program, watch, opened);
        } catch (NewProcess.RefusedException refused) {
            group.ifPresent(ResourceProcesses::tidy);
            throw program.failure(refused);
        } catch (IOException e) {
            group.ifPresent(ResourceProcesses::tidy);
            throw new ResourceFailure(
                    "starting '%s': %s. Check the program and the node".formatted(resource, e.getMessage()), e);
        }
    }

    private Beginning begin(
            Path program, List<String> words, OpenFile input, OpenFile output, Optional<LaunchRecords> records) {
        return new Beginning(this, program.toString(), words, input, output, records);
    }

    private static Started started(Beginning begun, Program program, ExitWatch watch, LogFile.Opened log)
            throws IOException {
        var child =
                FileWork.of("becoming '" + program.file() + "'", Optional.empty(), LIMIT, begun::start, begun::abandon);
        return new Started(
                child,
                begun.identity(),
                child.exit(watch),
                log.from(),
                log.file().kind().inode());
    }

    private Optional<Path> lineageOutput() throws ResourceFailure {
        try {
            mark.lineage().prepare();
            return Optional.of(mark.lineage().output());
        } catch (IOException e) {
            throw new ResourceFailure(
                    "starting '%s': '%s' cannot be made: %s. Check the disk"
                            .formatted(resource, mark.lineage().path(), e.getMessage()),
                    e);
        }
    }

    /// The tree that grows from this launch.
    ///
    /// @param scan whether all processes are searched for the mark even if there is a control group
    Tree tree(ProcessIdentity main, boolean scan) {
        return new Tree(resource, List.of(main), group.stream().toList(), mark, scan || group.isEmpty());
    }

    /// What a new process is made of.
    NewProcess.Plan plan(String program, List<String> words, OpenFile input, OpenFile output) {
        var variables = new ArrayList<String>();
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        return new NewProcess.Plan(
                program, words, variables, account.user(), workingDirectory, early, input, output, group);
    }
}
