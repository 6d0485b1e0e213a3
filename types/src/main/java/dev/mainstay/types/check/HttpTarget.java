package dev.mainstay.types.check;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceFailure;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a URL names: whom to ask for what. Read here, because `java.net.URI` knows no host with an underscore.
///
/// @param host a name, or an address without brackets
/// @param path with the query, as it is sent
/// @param shown the URL without user, password and query, for everybody to read
/// @param credentials what the header `Authorization` says for the user and the password of the URL
record HttpTarget(boolean secured, String host, int port, String path, String shown, Optional<String> credentials) {
    private static final int PORT_MAX = 65_535;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern LITERAL = Pattern.compile("[0-9A-Fa-f:.]+(%[\\w.-]+)?");

    /// Reads a URL, the value of `property`.
    static HttpTarget of(String resource, String property, String text) throws ResourceFailure {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new LastingFailure(
                    "reading %s of '%s': '%s' is not a URL that can be asked (%s). Write http://host:port/path"
                            .formatted(property, resource, hidden(text.replaceFirst("//.*@", "//")), e.getMessage()),
                    e);
        }
    }

    private static HttpTarget parse(String text) {
        var uri = uri(text);
        var secured = "https".equalsIgnoreCase(uri.getScheme());
        var authority = uri.getRawAuthority();
        if ((!secured && !"http".equalsIgnoreCase(uri.getScheme())) || authority == null) {
            throw new IllegalArgumentException("no http or https URL with a host");
        }
        var at = authority.lastIndexOf('@');
        var server = authority.substring(at + 1);
        var colon = server.lastIndexOf(':') > server.lastIndexOf(']') ? server.lastIndexOf(':') : server.length();
        var sent = uri(uri.toASCIIString());
        var query = sent.getRawQuery() == null ? "" : "?" + sent.getRawQuery();
        var path = sent.getRawPath() == null || sent.getRawPath().isEmpty() ? "/" : sent.getRawPath();
        return new HttpTarget(
                secured,
                host(server.substring(0, colon)),
                port(server.substring(Math.min(colon + 1, server.length())), secured ? HTTPS : HTTP),
                path + query,
                hidden(text),
                at < 0 ? Optional.empty() : Optional.of(basic(authority.substring(0, at))));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // its message repeats the text, and with it a password
            throw new IllegalArgumentException(
                    e.getIndex() < 0 ? e.getReason() : "%s at character %d".formatted(e.getReason(), e.getIndex() + 1),
                    e);
        }
    }

    private static String host(String written) {
        if (written.startsWith("[") && written.endsWith("]")) {
            var literal = written.substring(1, written.length() - 1).replace("%25", "%");
            if (LITERAL.matcher(literal).matches() && literal.contains(":")) {
                return literal;
            }
            throw new IllegalArgumentException("no IPv6 address stands in its brackets");
        }
        var name = IDN.toASCII(written);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no http or https URL with a host");
        }
        return name;
    }

    private static int port(String written, int usual) {
        if (written.isEmpty()) {
            return usual;
        }
        if (written.matches("\\d{1,5}")) {
            var port = Integer.parseInt(written);
            if (port > 0 && port <= PORT_MAX) {
                return port;
            }
        }
        throw new IllegalArgumentException("its port is not from 1 to %d".formatted(PORT_MAX));
    }

    private static String basic(String userInfo) {
        // a plus sign means itself here
        var plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        var pair = plain.contains(":") ? plain : plain + ":";
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /// A URL as anybody may read it.
    private static String hidden(String url) {
        var plain = url.replaceFirst("//[^/?#]*@", "//");
        var query = plain.indexOf('?');
        return query < 0 ? plain : plain.substring(0, query) + "?...";
    }

    /// What the header `Host` says unless it is set.
    String hostField() {
        var name = host.contains(":") ? "[%s]".formatted(host.replaceFirst("%.*", "")) : host;
        return port == (secured ? HTTPS : HTTP) ? name : name + ":" + port;
    }
}
