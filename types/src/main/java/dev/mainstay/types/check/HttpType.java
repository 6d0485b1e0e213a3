package dev.mainstay.types.check;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.node.NodePath;
import dev.mainstay.types.node.Objections;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The resource type `http`: online while a page is answered as expected.
public final class HttpType implements ResourceType {
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> OWN_FIELDS =
            Set.of("connection", "content-length", "expect", "te", "trailer", "transfer-encoding", "upgrade");

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
                            "The page, such as https://127.0.0.1:8443/health. Every address of a name is tried. No"
                                    + " proxy is used and redirects are not followed. A user and a password in it"
                                    + " (http://user:password@host/) are sent, and shown nowhere but in the"
                                    + " settings."),
                    optional("method", Kind.CHOICE, "How the page is asked for.")
                            .withDefault("GET")
                            .choosing("GET", "HEAD", "OPTIONS"),
                    optional(
                            "headers",
                            Kind.MAP,
                            "Header fields by name that are sent with the question. Host names the site of a server"
                                    + " that has several; with https the server's certificate must be of that"
                                    + " name."),
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
                        plain.page(),
                        properties.text("method"),
                        headers(context, plain),
                        status(context),
                        contains(context),
                        trust(context, plain)));
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(
                request,
                properties -> HttpCheck.of("", "url", properties.text("url")),
                properties -> NodePath.full("", properties, "caFile"));
    }

    private static StatusRanges status(ResourceContext context) throws ResourceFailure {
        var text = context.properties().text("status");
        try {
            return StatusRanges.of(text);
        } catch (IllegalArgumentException e) {
            throw new LastingFailure(
                    "reading status of '%s': '%s' is not a list of status codes (%s). Write 200,204,300-399, for example"
                            .formatted(context.resource(), text, e.getMessage()),
                    e);
        }
    }

    /// Fields that say how the question itself is sent are the check's own.
    private static Map<String, String> headers(ResourceContext context, HttpCheck check) throws ResourceFailure {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        var fields = context.properties().map("headers");
        for (var name : fields.keySet()) {
            if (!FIELD_NAME.matcher(name).matches() || OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
                throw refusedField(context, name, "it cannot be set. Leave it out");
            }
            if (!names.add(name)) {
                throw refusedField(context, name, "it is there twice. Leave one out");
            }
            if (fields.get(name).chars().anyMatch(one -> one != '\t' && Character.isISOControl(one))) {
                throw refusedField(context, name, "its value has control characters. Write it in one line");
            }
        }
        if (names.contains("Authorization") && check.page().credentials().isPresent()) {
            throw refusedField(context, "Authorization", "url names a user already. Leave one of them out");
        }
        return fields;
    }

    private static ResourceFailure refusedField(ResourceContext context, String name, String why) {
        return new LastingFailure("reading headers of '%s': field '%s': %s"
                .formatted(context.resource(), name.replaceAll("[^ -~]", "?"), why));
    }

    private static String contains(ResourceContext context) throws ResourceFailure {
        var text = context.properties().text("contains");
        if (!text.isEmpty() && context.properties().text("method").equals("HEAD")) {
            throw new LastingFailure(
                    "opening '%s': contains is set, but an answer to HEAD has no body. Set method: GET, or leave contains out"
                            .formatted(context.resource()));
        }
        return text;
    }

    private static Optional<Trust> trust(ResourceContext context, HttpCheck check) throws ResourceFailure {
        var file = context.properties().text("caFile");
        var verify = context.properties().flag("verify");
        var secured = check.page().secured();
        if (!secured && (!file.isEmpty() || !verify)) {
            throw new LastingFailure(
                    "opening '%s': caFile and verify are for https, and its url is '%s'. Write https there, or leave them out"
                            .formatted(context.resource(), check.target()));
        }
        if (!verify) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "whoever answers at {0} is believed, because verify is false. Set caFile instead",
                            check.target());
            return Optional.of(Trust.anybody());
        }
        return file.isEmpty() ? Optional.empty() : Optional.of(Trust.inFile(context.resource(), Path.of(file)));
    }
}
