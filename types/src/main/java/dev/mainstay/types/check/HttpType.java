package dev.mainstay.types.check;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/// The resource type `http`: online while a page is answered as expected.
public final class HttpType implements ResourceType {
    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "http",
            "1.0.0",
            "Asks for a page by HTTP or HTTPS: online once it is answered as expected, failed when it no longer is,"
                    + " offline means that nobody asks. It starts and stops nothing: make it depend on what it asks, or"
                    + " let others depend on it as a guard on something outside of the cluster.",
            CheckProperties.behind(
                    required(
                            "url",
                            Kind.TEXT,
                            "The page, such as https://127.0.0.1:8443/health. No proxy is used and redirects are not"
                                    + " followed."),
                    optional("method", Kind.CHOICE, "How the page is asked for.")
                            .withDefault("GET")
                            .choosing("GET", "HEAD", "OPTIONS"),
                    optional("headers", Kind.MAP, "Header fields by name that are sent with the question."),
                    optional(
                                    "status",
                                    Kind.TEXT,
                                    "The status codes that mean healthy: numbers and ranges, separated by commas.")
                            .withDefault("200-399"),
                    optional(
                            "contains",
                            Kind.TEXT,
                            "A text that the first MiB of the answer must contain. Default: any answer will do."),
                    optional(
                            "caFile",
                            Kind.TEXT,
                            "A PEM file with the certificates of the authorities to believe instead of those that the"
                                    + " JDK knows. Only for https."),
                    optional(
                                    "verify",
                                    Kind.FLAG,
                                    "Whether certificate and name of an https server are verified. With false anybody"
                                            + " may answer in its place; a warning is logged.")
                            .withDefault("true")));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        var properties = context.properties();
        var plain = HttpCheck.of(context.resource(), "url", properties.text("url"));
        return new CheckedResource(
                context,
                new HttpCheck(
                        plain.uri(),
                        properties.text("method"),
                        properties.map("headers"),
                        status(context),
                        properties.text("contains"),
                        trust(context, plain)));
    }

    private static StatusRanges status(ResourceContext context) throws ResourceFailure {
        var text = context.properties().text("status");
        try {
            return StatusRanges.of(text);
        } catch (IllegalArgumentException e) {
            throw new ResourceFailure(
                    "reading status of '%s': '%s' is not a list of status codes (%s). Write 200,204,300-399, for example"
                            .formatted(context.resource(), text, e.getMessage()),
                    e);
        }
    }

    private static Optional<Trust> trust(ResourceContext context, HttpCheck check) throws ResourceFailure {
        var file = context.properties().text("caFile");
        var verify = context.properties().flag("verify");
        var secured = "https".equals(check.uri().getScheme());
        if (!secured && (!file.isEmpty() || !verify)) {
            throw new ResourceFailure(
                    "opening '%s': caFile and verify are for https, and its url is '%s'. Write https there, or leave them out"
                            .formatted(context.resource(), check.uri()));
        }
        if (!verify) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "whoever answers at {0} is believed, because verify is false. Set caFile instead",
                            check.uri());
            return Optional.of(Trust.anybody());
        }
        return file.isEmpty() ? Optional.empty() : Optional.of(Trust.inFile(context.resource(), Path.of(file)));
    }
}
