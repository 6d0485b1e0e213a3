package dev.mainstay.service.monitors;

import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ControlGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The limits of a monitor's process beyond its heap: a control group with the controllers for memory and CPU,
/// where there is one. What cannot be enforced is said, not pretended.
final class CpuAndMemory {
    /// What a JVM needs beside its heap: classes, compiled code, stacks of threads, buffers.
    static final long BESIDE_HEAP_BYTES = 256L << 20;

    private static final long MIB = 1L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(CpuAndMemory.class);

    private CpuAndMemory() {}

    /// Puts a process that was just started under the limits of its set-up.
    ///
    /// @return which limits hold and which do not, in words
    static String limit(String monitor, long pid, MonitorSetup setup) {
        var said = new ArrayList<String>();
        said.add("heap at most %d MiB".formatted(setup.heapBytes() / MIB));
        if (setup.equals(MonitorSetup.USUAL)) {
            return said.getFirst();
        }
        var groups = ControlGroups.find();
        if (groups.isEmpty()) {
            said.add("memory beside the heap not enforced: no control group of version 2 that it may use");
            if (setup.cpuPercent() > 0) {
                said.add("%d %% of one processor not enforced: no control group with cpu controller"
                        .formatted(setup.cpuPercent()));
            }
            return String.join("; ", said);
        }
        try {
            var group = group(groups.get(), monitor).create();
            long bytes = setup.heapBytes() + BESIDE_HEAP_BYTES;
            said.add(
                    group.limitMemory(bytes)
                            ? "memory at most %d MiB in all".formatted(bytes / MIB)
                            : "memory beside the heap not enforced: no control group with memory controller");
            if (setup.cpuPercent() > 0) {
                said.add(
                        group.limitCpu(setup.cpuPercent())
                                ? "at most %d %% of one processor".formatted(setup.cpuPercent())
                                : "%d %% of one processor not enforced: no control group with cpu controller"
                                        .formatted(setup.cpuPercent()));
            }
            group.add(pid);
        } catch (IOException e) {
            said.add("control group not usable: %s".formatted(e.toString().toLowerCase(Locale.ROOT)));
        }
        return String.join("; ", said);
    }

    private static ControlGroup group(ControlGroups groups, String monitor) {
        return groups.group(ControlGroups.MONITOR_PREFIX + monitor);
    }

    /// Removes the group of a monitor whose process is dead, if it has one; one in which something runs stays.
    static void release(String monitor, Optional<ControlGroups> groups) {
        try {
            if (groups.isPresent() && !group(groups.get(), monitor).remove()) {
                LOG.warn("the control group of monitor '{}' stays: a process that it started is in it", monitor);
            }
        } catch (IOException e) {
            LOG.warn("remove the control group of monitor '{}': {}", monitor, e.toString());
        }
    }
}
