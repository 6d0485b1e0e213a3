package dev.mainstay.testkit.hostile;

import dev.mainstay.testkit.hostile.HostileType.Fault;
import dev.mainstay.testkit.hostile.HostileType.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every fault in every entry point, in a real monitor with a bystander: what the monitor does, what the service
/// hears, and that the bystander's process is the very same afterwards.
///
/// Several cells are played at once, each with a monitor of its own: most of the time is spent waiting for
/// deadlines, and for JVMs to start.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class HostileMatrixIT {
    /// What follows from each fault in each entry point. `-` stands for a fault that cannot be there: what returns
    /// nothing cannot return null, and nobody can see whether terminate, close and controls do what they say.
    private static final String TABLE = """
            fault      startup  open     online   worker   offline  looks    isAlive  terminate close   control  typeCtl
            HANG       deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock
            SPIN       deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock
            EXIT       exit     exit     exit     exit     exit     exit     exit     exit     exit     exit     exit
            HALT       halt     halt     halt     halt     halt     halt     halt     halt     halt     halt     halt
            MEMORY     memory   memory   memory   memory   memory   memory   memory   memory   memory   memory   memory
            THROW      failed   failed   failed   failed   rest     online   failed   retried  closed   refused  refused
            ERROR      failed   failed   failed   failed   rest     online   failed   retried  closed   refused  refused
            NULL       -        failed   failed   -        rest     online   failed   -        -        refused  refused
            LIE        failed   -        failed   -        rest     online   failed   -        -        -        -
            FLOOD      offline  offline  online   online   rest     online   online   failed   closed   done     done
            LEAK       offline  offline  online   online   rest     online   online   failed   closed   done     done
            INTERRUPT  offline  offline  online   online   rest     online   online   retried  closed   done     done
            """;

    /// As many threads as junit-platform.properties names.
    private static final int AT_ONCE = 3;

    @TempDir
    static Path directory;

    private final BlockingQueue<Ground> grounds = new ArrayBlockingQueue<>(AT_ONCE);

    static Stream<Cell> cells() {
        var cells = new ArrayList<Cell>();
        for (var row : TABLE.lines().skip(1).map(line -> line.split("\\s+")).toList()) {
            int column = 1;
            for (var point : Point.values()) {
                cells.add(new Cell(Fault.valueOf(row[0]), point, row[column++]));
            }
        }
        return cells.stream().filter(cell -> !cell.outcome().equals("-"));
    }

    @BeforeAll
    void makeGrounds() throws IOException, InterruptedException {
        for (int i = 0; i < AT_ONCE; i++) {
            grounds.add(new Ground(Files.createDirectory(directory.resolve("ground-" + i))));
        }
    }

    @AfterAll
    void closeGrounds() throws IOException {
        for (var ground : grounds) {
            ground.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    void eachFaultHasTheOutcomeOfTheTable(Cell cell) throws Exception {
        var ground = grounds.take();
        try {
            ground.haveMonitor();
            new Trial(ground, cell).play();
        } finally {
            grounds.add(ground);
        }
    }
}
