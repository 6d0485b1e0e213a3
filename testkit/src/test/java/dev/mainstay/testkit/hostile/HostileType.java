package dev.mainstay.testkit.hostile;

import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeContext;
import dev.mainstay.spi.TypeDescription;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A type that does the worst in the entry point it is told to, and behaves otherwise.
///
/// Told by the file that system property `hostile.plan` names: a point and a fault, or nothing.
public final class HostileType implements ResourceType {
    /// System property with the file.
    static final String PLAN = "hostile.plan";

    /// What it says when it throws.
    static final String WORDS = "the hostile type throws";

    /// Exit code of its halt.
    static final int HALTED = 99;

    private static final int LINES = 20_000;
    private static final int LEAKED = 50;
    private static final List<Object> LEAKS = new ArrayList<>();

    // Written by startup, before anything else is called.
    private volatile System.Logger ownLogger = System.getLogger("hostile");

    /// Where it can misbehave.
    enum Point {
        STARTUP,
        OPEN,
        ONLINE,
        WORKER,
        OFFLINE,
        LOOKS_ALIVE,
        IS_ALIVE,
        TERMINATE,
        CLOSE,
        RESOURCE_CONTROL,
        TYPE_CONTROL
    }

    /// What it can do there.
    enum Fault {
        /// Waits for ever and heeds no interrupt.
        HANG,
        /// Computes for ever.
        SPIN,
        /// Calls `System.exit`.
        EXIT,
        /// Calls `Runtime.halt`.
        HALT,
        /// Allocates until there is no memory.
        MEMORY,
        /// Throws an exception nobody declared.
        THROW,
        /// Throws an error.
        ERROR,
        /// Returns null.
        NULL,
        /// Says what is not so.
        LIE,
        /// Writes many log lines.
        FLOOD,
        /// Keeps threads, files and memory.
        LEAK,
        /// Interrupts its own thread.
        INTERRUPT
    }

    private static boolean planned(Point point, Fault fault) {
        try {
            return Files.readString(Path.of(System.getProperty(PLAN, "/dev/null")))
                    .strip()
                    .equals(point + " " + fault);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void act(Point point, System.Logger logger) {
        for (var fault : Fault.values()) {
            if (planned(point, fault)) {
                commit(fault, logger);
            }
        }
    }

    private static void commit(Fault fault, System.Logger logger) {
        switch (fault) {
            case HANG -> hang();
            case SPIN -> spin();
            case EXIT -> System.exit(3);
            case HALT -> Runtime.getRuntime().halt(HALTED);
            case MEMORY -> exhaust();
            case THROW -> throw new IllegalStateException(WORDS);
            case ERROR -> throw new StackOverflowError(WORDS);
            case FLOOD -> flood(logger);
            case LEAK -> leak();
            case INTERRUPT -> Thread.currentThread().interrupt();
            case NULL, LIE -> {}
        }
    }

    private static void hang() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                // a hanging system call heeds none either
            }
        }
    }

    private static void spin() {
        long turns = 0;
        while (turns >= 0) {
            turns = (turns + 1) & Long.MAX_VALUE;
        }
    }

    private static void exhaust() {
        for (int size = 1 << 20; ; size = Math.min(size * 2, 1 << 28)) {
            LEAKS.add(new long[size]);
        }
    }

    private static void flood(System.Logger logger) {
        for (int i = 0; i < LINES; i++) {
            logger.log(System.Logger.Level.WARNING, "nonsense " + i);
        }
    }

    @SuppressWarnings("resource") // that is the point
    private static void leak() {
        for (int i = 0; i < LEAKED; i++) {
            LEAKS.add(Thread.ofPlatform().daemon().start(HostileType::hang));
            LEAKS.add(new byte[20_000]);
            try {
                LEAKS.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public TypeDescription describe() {
        var minute = Duration.ofMinutes(1);
        return new TypeDescription(
                        "hostile", "1", "Misbehaves.", List.of(), minute, minute, minute, Duration.ofSeconds(1), true)
                .with(Abilities.NONE.answering(
                        ControlDescription.ofResource("provoke", Access.READ, "Reaches resourceControl."),
                        ControlDescription.ofType("provoke", Access.READ, "Reaches resourceTypeControl.")));
    }

    @Override
    public int startup(TypeContext context) {
        ownLogger = context.logger();
        act(Point.STARTUP, ownLogger);
        return planned(Point.STARTUP, Fault.LIE) ? 99 : 1;
    }

    @Override
    @SuppressWarnings("NullAway") // that is the point
    public EntryPoints open(ResourceContext context) {
        act(Point.OPEN, context.logger());
        return planned(Point.OPEN, Fault.NULL) ? null : new Instance(context.logger());
    }

    @Override
    @SuppressWarnings("NullAway") // that is the point
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        if (!request.code().equals("provoke")) {
            return ControlAnswer.notSupported();
        }
        act(Point.TYPE_CONTROL, ownLogger);
        return planned(Point.TYPE_CONTROL, Fault.NULL) ? null : ControlAnswer.done();
    }

    @SuppressWarnings("NullAway") // that is the point
    private record Instance(System.Logger logger) implements EntryPoints {
        @Override
        public Outcome online(Operation operation) throws ResourceFailure {
            act(Point.ONLINE, logger);
            if (planned(Point.ONLINE, Fault.NULL)) {
                return null;
            }
            return planned(Point.ONLINE, Fault.LIE)
                    ? Outcome.PENDING
                    : operation.pending(_ -> act(Point.WORKER, logger));
        }

        @Override
        public Outcome offline(Operation operation) {
            act(Point.OFFLINE, logger);
            if (planned(Point.OFFLINE, Fault.NULL)) {
                return null;
            }
            return planned(Point.OFFLINE, Fault.LIE) ? Outcome.PENDING : Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {
            act(Point.TERMINATE, logger);
        }

        @Override
        public Health looksAlive() {
            return check(Point.LOOKS_ALIVE);
        }

        @Override
        public Health isAlive() {
            return check(Point.IS_ALIVE);
        }

        private Health check(Point point) {
            act(point, logger);
            if (planned(point, Fault.NULL)) {
                return null;
            }
            return planned(point, Fault.LIE) ? Health.dead("a lie") : Health.alive();
        }

        @Override
        public ControlAnswer resourceControl(ControlRequest request) {
            if (!request.code().equals("provoke")) {
                return ControlAnswer.notSupported();
            }
            act(Point.RESOURCE_CONTROL, logger);
            return planned(Point.RESOURCE_CONTROL, Fault.NULL) ? null : ControlAnswer.done();
        }

        @Override
        public void close() {
            act(Point.CLOSE, logger);
        }
    }
}
