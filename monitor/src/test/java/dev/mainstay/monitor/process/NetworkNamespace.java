package dev.mainstay.monitor.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// A network of its own, made for a test: what happens in it touches no interface of this machine.
public final class NetworkNamespace {
    private static final int NEW_NETWORK = 0x4000_0000;

    private final String name;

    public NetworkNamespace(String name) throws Exception {
        this.name = "mst%d%s".formatted(ProcessHandle.current().pid(), name);
        Shell.run("ip", "netns", "add", this.name);
        ip("link", "set", "lo", "up");
    }

    public String name() {
        return name;
    }

    /// Runs `ip` inside and answers what it prints.
    public String ip(String... arguments) throws Exception {
        var line = new ArrayList<>(List.of("ip", "-n", name));
        line.addAll(List.of(arguments));
        return Shell.run(line.toArray(String[]::new));
    }

    /// Lays a cable from an interface inside to one in `other`.
    public void connect(String here, NetworkNamespace other, String there) throws Exception {
        ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", other.name);
        ip("link", "set", here, "up");
        other.ip("link", "set", there, "up");
    }

    /// Does it on a thread inside; threads that are started by it are inside too.
    public <T> T inside(Callable<T> work) throws Exception {
        var task = new FutureTask<>(() -> {
            enter();
            return work.call();
        });
        Thread.ofPlatform().name("inside " + name).start(task);
        return task.get();
    }

    public void remove() throws Exception {
        Shell.run("ip", "netns", "del", name);
    }

    /// The handle on the namespace stays open as long as this process, which is short.
    private void enter() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var path = arena.allocateFrom("/run/netns/" + name, StandardCharsets.UTF_8);
            int file = (int) function("open").invokeExact(path.address(), 0);
            int answer = file < 0 ? file : (int) function("setns").invokeExact((long) file, NEW_NETWORK);
            if (answer < 0) {
                throw new IOException("cannot enter the network namespace " + name);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable bug) {
            throw new IllegalStateException(bug);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String function) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    }
}
