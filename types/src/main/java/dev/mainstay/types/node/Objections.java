package dev.mainstay.types.node;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What stands against properties before a resource has them: the answer of a type to
/// [Controls#VALIDATE_PRIVATE_PROPERTIES].
///
/// What may pass is no objection: it is left to the start.
public final class Objections {
    private final List<String> wrong = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> missingAt = new ArrayList<>();
    private final List<String> leadsTo = new ArrayList<>();

    private Objections() {}

    /// A look at properties.
    @FunctionalInterface
    public interface Look {
        /// Looks at them.
        ///
        /// **Errors:** [LastingFailure] for an objection.
        void at(Properties properties) throws ResourceFailure;
    }

    /// Answers a control of a type: by these looks if that is what is asked.
    public static ControlAnswer answer(ControlRequest request, Look... looks) {
        if (!request.code().equals(Controls.VALIDATE_PRIVATE_PROPERTIES)) {
            return ControlAnswer.notSupported();
        }
        // a folder on a silent file server, or a bus that does not answer, must not hold up the type
        return request.pending(_ -> {
            var objections = new Objections();
            try {
                var properties = request.properties();
                for (var look : looks) {
                    objections.note(look, properties);
                }
            } catch (IllegalArgumentException notAllowed) {
                objections.wrong.add(String.valueOf(notAllowed.getMessage()));
            }
            return objections.answer();
        });
    }

    private void note(Look look, Properties properties) {
        try {
            look.at(properties);
        } catch (LastingFailure objection) {
            var words = withoutResource(String.valueOf(objection.getMessage()));
            if (objection.isHere()) {
                missing.add(words);
                missingAt.add(objection.missing().map(Path::toString).orElse(""));
                leadsTo.add(objection
                        .missing()
                        .map(NodePath::real)
                        .map(Path::toString)
                        .orElse(""));
            } else {
                wrong.add(words);
            }
        } catch (ResourceFailure mayPass) {
            System.getLogger(Objections.class.getName())
                    .log(System.Logger.Level.DEBUG, "left to the start: {0}", mayPass.getMessage());
        }
    }

    private ControlAnswer answer() {
        return ControlAnswer.done(
                Map.of("wrong", wrong, "missing", missing, "missingAt", missingAt, "leadsTo", leadsTo));
    }

    /// There is no resource yet whose name could be said.
    private static String withoutResource(String text) {
        return text.replaceFirst("^(?:starting|opening) '': ", "")
                .replaceFirst("^starting '' as ", "")
                .replaceFirst("^reading (\\S+) of '': ", "$1: ");
    }
}
