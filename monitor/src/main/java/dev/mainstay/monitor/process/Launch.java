package dev.mainstay.monitor.process;

import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One command that was found fit to be started, with everything that will prove whose it is.
///
/// @param line the program and its arguments, preceded by what changes the user
/// @param environment the whole environment, marks included
/// @param mark what proves that a process descends from this launch
record Launch(
        String resource,
        String name,
        List<String> line,
        Map<String, String> environment,
        Path workingDirectory,
        LogFile log,
        Optional<ControlGroup> group,
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

    private static final File NULL = new File("/dev/null");

    /// Runs as the new process itself before it becomes the program: joins the control group, records who it is,
    /// and goes on just if the monitor still lives, because a later one may have cleaned up before the record
    /// was there. A full disk may cost it its lineage, for a check must not fail for that. Everything comes
    /// in as arguments, so that no text is ever interpreted.
    private static final String TRAMPOLINE = """
            record=$1 group=$2 boot=$3 monitor=$4 bytes=$5 files=$6 log=$7 lineage=$8; shift 8
            if [ -n "$lineage" ]; then command exec 9>>"$lineage" || :; fi
            if [ -n "$group" ]; then echo $$ >"$group/cgroup.procs" || exit 125; fi
            read -r stat </proc/$$/stat || exit 125
            printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$boot" "$group" "$bytes" "$files" "$stat" "$log" >>"$record" || exit 125
            read -r pid name state parent a b c d e f g h i j k l m n o p q ticks rest </proc/$$/stat || exit 125
            [ "$parent" = "$monitor" ] || exit 125
            if [ -n "$MAINSTAY_ENTRY_POINT" ]; then export MAINSTAY_ENTRY_POINT_RUN="$pid $ticks"; fi
            exec "$@"
            """;

    /// Checks everything that can be checked before a process exists.
    ///
    /// @param site the entry point that waits for the command; empty for one that outlives it
    /// **Errors:** [ResourceFailure] says what is missing and what to do.
    static Launch prepare(
            Command command,
            String resource,
            Tree.Mark resourceMark,
            String name,
            Optional<ControlGroup> group,
            Optional<CallSite> site)
            throws ResourceFailure {
        if (command.line().isEmpty() || command.line().getFirst().isEmpty()) {
            throw new ResourceFailure(
                    "starting '%s': its command is empty. Name the program first".formatted(resource));
        }
        var log = new LogFile(command.log(), command.logLimits());
        log.prepare(resource);
        var directory = command.workingDirectory();
        if (!Files.isDirectory(directory)) {
            throw new ResourceFailure(
                    "starting '%s': the working directory '%s' does not exist. Create it, or name another"
                            .formatted(resource, directory));
        }
        var account = Account.of(command.user(), resource);
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", PATH);
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", account.home());
        environment.put("USER", account.name());
        environment.put("LOGNAME", account.name());
        environment.putAll(command.environment());
        environment.put(resourceMark.name(), resourceMark.value());
        environment.put(LAUNCH_MARK, name);
        environment.remove(ENTRY_POINT_MARK);
        environment.remove(ENTRY_POINT_RUN_MARK);
        site.ifPresent(here -> environment.put(ENTRY_POINT_MARK, here.call().word() + " " + resource));
        var program =
                Program.find(command.line().getFirst(), directory, environment.getOrDefault("PATH", PATH), resource);
        var line = new ArrayList<>(account.prefix());
        line.add(program.toString());
        line.addAll(command.line().subList(1, command.line().size()));
        var mark = new Tree.Mark(LAUNCH_MARK, name, resourceMark.lineage().launch(name));
        return new Launch(resource, name, line, environment, directory, log, group, mark);
    }

    /// Forks; the process records itself in `records` unless it is a short command.
    Process start(Launcher launcher, Optional<Path> records) throws ResourceFailure {
        try {
            if (group.isPresent()) {
                group.get().create();
            }
            if (group.isEmpty()) {
                mark.lineage().prepare();
            }
            if (records.isPresent()) {
                Files.createDirectories(records.get().toAbsolutePath().getParent());
            }
            var process = launcher.start(builder(records));
            Kinship.give(process.pid(), this);
            return process;
        } catch (IOException e) {
            group.ifPresent(ResourceProcesses::tidy);
            throw new ResourceFailure(
                    "starting '%s': '%s' cannot be started: %s. Check the program and the node's limits"
                            .formatted(resource, line.getFirst(), e.getMessage()),
                    e);
        }
    }

    /// The tree that grows from this launch.
    ///
    /// @param scan whether all processes are searched for the mark even if there is a control group
    Tree tree(ProcessIdentity main, boolean scan) {
        return new Tree(resource, List.of(main), group.stream().toList(), mark, scan || group.isEmpty());
    }

    private ProcessBuilder builder(Optional<Path> records) {
        var whole = new ArrayList<>(List.of("/usr/bin/setsid", "/bin/sh", "-c", TRAMPOLINE, "mainstay-start"));
        whole.add(records.orElse(NULL.toPath()).toAbsolutePath().toString());
        whole.add(group.map(one -> one.path().toString()).orElse(""));
        whole.add(ProcessTable.bootId());
        whole.add(Long.toString(ProcessHandle.current().pid()));
        whole.add(Long.toString(log.limits().bytes()));
        whole.add(Integer.toString(log.limits().files()));
        whole.add(log.path().toString());
        whole.add(group.isPresent() ? "" : mark.lineage().path().toString());
        whole.addAll(line);
        var builder = new ProcessBuilder(whole)
                .directory(workingDirectory.toFile())
                .redirectInput(Redirect.from(NULL))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.path().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }
}
