package dev.mainstay.service.http;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// The lines that one class writes to the log meanwhile.
public final class LogLines implements AutoCloseable {
    private final Logger logger;
    private final Lines lines = new Lines();

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> texts = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            texts.add(event.getFormattedMessage());
        }
    }

    public LogLines(Class<?> of) {
        this.logger = (Logger) LoggerFactory.getLogger(of);
        lines.start();
        logger.addAppender(lines);
    }

    public List<String> lines() {
        return lines.texts;
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
    }
}
