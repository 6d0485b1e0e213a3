package dev.mainstay.service;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.mainstay.protocol.PlainText;

/// The message of a line of the log, with the stack of a bug behind it: as plain text whose further lines are
/// marked, so that nothing that a type, a program or a stranger wrote can pass for a line of the service.
public final class MarkedMessage extends ClassicConverter {
    private static final String ENGINE = "org.apache.ratis";

    @Override
    public String convert(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        var message = String.valueOf(event.getFormattedMessage());
        if (thrown != null && event.getLoggerName().startsWith(ENGINE)) {
            // It shows a stack for each trouble with the disk; what to do is said by whoever opened the log.
            return PlainText.marked("%s: %s: %s".formatted(message, thrown.getClassName(), thrown.getMessage()));
        }
        return PlainText.marked(thrown == null ? message : message + "\n" + ThrowableProxyUtil.asString(thrown));
    }
}
