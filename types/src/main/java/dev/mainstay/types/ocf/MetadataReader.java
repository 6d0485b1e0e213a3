package dev.mainstay.types.ocf;

import dev.mainstay.types.ocf.Metadata.Action;
import dev.mainstay.types.ocf.Metadata.Parameter;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads the XML that the action `meta-data` prints.
///
/// Document types are skipped, so that no entity is ever resolved and no file or address is ever opened. Elements
/// that are not known are skipped too: authors add their own.
///
/// **Source:** OCF Resource Agent API 1.0 and 1.1, section "Metadata"; `ra-api-1.dtd`.
final class MetadataReader {
    private static final Pattern TIME = Pattern.compile("\\s*(\\d{1,9})\\s*([a-zA-Z]*)\\s*");
    private static final Set<String> YES = Set.of("1", "true", "yes");

    private final XMLStreamReader xml;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Action> actions = new ArrayList<>();

    /// A parameter whose end tag has not come yet.
    private static final class Draft {
        private String type = "string";
        private String defaultValue = "";
        private String help = "";
        private final List<String> options = new ArrayList<>();
    }

    private MetadataReader(XMLStreamReader xml) {
        this.xml = xml;
    }

    /// **Errors:** `XMLStreamException` says where it is no XML, or that it is not an agent's.
    static Metadata read(String text) throws XMLStreamException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("it refers to something outside of it");
        });
        // agents that print a line break before the declaration are common
        return new MetadataReader(factory.createXMLStreamReader(new StringReader(text.strip()))).document();
    }

    private Metadata document() throws XMLStreamException {
        while (!xml.isStartElement()) {
            xml.next();
        }
        if (!xml.getLocalName().equals("resource-agent")) {
            throw new XMLStreamException(
                    "its root is <%s>, expected <resource-agent>".formatted(xml.getLocalName()), xml.getLocation());
        }
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> element(xml.getLocalName());
                default -> {} // text between elements, comments and ends carry nothing
            }
        }
        return new Metadata(parameters, actions);
    }

    private void element(String name) throws XMLStreamException {
        switch (name) {
            case "parameter" -> parameter();
            case "action" ->
                actions.add(new Action(attribute("name"), time(attribute("timeout")), depth(attribute("depth"))));
            default -> {} // descriptions of the agent, and what authors added
        }
    }

    private void parameter() throws XMLStreamException {
        var name = attribute("name");
        var required = yes("required");
        var unique = yes("unique") || !attribute("unique-group").isEmpty();
        var deprecated = yes("deprecated");
        var read = new Draft();
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT
                && xml.getLocalName().equals("parameter"))) {
            if (xml.isStartElement()) {
                deprecated |= detail(read);
            }
        }
        parameters.add(new Parameter(
                name, read.type, required, unique, deprecated, read.defaultValue, read.options, read.help));
    }

    /// Reads one element within a parameter; answers whether it says that the parameter is deprecated.
    private boolean detail(Draft read) throws XMLStreamException {
        switch (xml.getLocalName()) {
            case "content" -> {
                read.type = attribute("type").isEmpty() ? read.type : attribute("type");
                read.defaultValue = attribute("default");
            }
            case "option" -> read.options.add(attribute("value"));
            case "shortdesc" -> read.help = read.help.isEmpty() ? text("shortdesc") : read.help;
            case "deprecated" -> {
                return true;
            }
            default -> {} // the long description, and what authors added
        }
        return false;
    }

    /// The text within an element, without any markup it may hold.
    private String text(String element) throws XMLStreamException {
        var text = new StringBuilder();
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT
                && xml.getLocalName().equals(element))) {
            if (xml.isCharacters()) {
                text.append(xml.getText());
            }
        }
        return text.toString().strip().replaceAll("\\s+", " ");
    }

    private boolean yes(String name) {
        return YES.contains(attribute(name));
    }

    private String attribute(String name) {
        var value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    private static int depth(String text) {
        var digits = text.strip();
        return digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
    }

    /// A time as agents write it: seconds unless a unit follows; zero when it cannot be read.
    static Duration time(String text) {
        var parts = TIME.matcher(text);
        if (!parts.matches()) {
            return Duration.ZERO;
        }
        var number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "", "s", "sec" -> Duration.ofSeconds(number);
            case "ms", "msec" -> Duration.ofMillis(number);
            case "m", "min" -> Duration.ofMinutes(number);
            case "h", "hr" -> Duration.ofHours(number);
            default -> Duration.ZERO;
        };
    }
}
