package dev.mainstay.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MarkedMessageTest {
    private static final String FORGED = "no\u001b[2J\n12:00:00.000 INFO  all is well";

    @Test
    void aTypesTextForgesNoLine() {
        assertThat(converted(FORGED, null)).isEqualTo("no\\x1b[2J\n    | 12:00:00.000 INFO  all is well");
    }

    @Test
    void theMessageOfAnExceptionForgesNoLine() {
        var lines =
                converted("a bug", new IllegalStateException(FORGED)).lines().toList();

        assertThat(lines.getFirst()).isEqualTo("a bug");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(line).startsWith("    | "))
                .anySatisfy(line -> assertThat(line).contains("12:00:00.000 INFO  all is well"));
    }

    @Test
    void theEngineOfTheLogShowsNoStack() {
        var thrown = new IllegalStateException("no space left");

        assertThat(converted("org.apache.ratis.server", "cannot write", thrown))
                .isEqualTo("cannot write: java.lang.IllegalStateException: no space left");
    }

    private static String converted(String message, @Nullable Throwable thrown) {
        return converted("test", message, thrown);
    }

    private static String converted(String name, String message, @Nullable Throwable thrown) {
        var logger = new LoggerContext().getLogger(name);
        return new MarkedMessage().convert(new LoggingEvent("test", logger, Level.WARN, message, thrown, null));
    }
}
