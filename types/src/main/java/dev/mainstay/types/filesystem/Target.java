package dev.mainstay.types.filesystem;

import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.Secrets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What is to be mounted where, as the operator wrote it.
///
/// @param type the file system's type; empty when mount(8) shall find it
record Target(String resource, String device, Path point, String type, List<String> options) {
    private static final Pattern TAG = Pattern.compile("(UUID|LABEL|PARTUUID|PARTLABEL|ID)=.+");

    Target {
        options = List.copyOf(options);
    }

    static Target of(ResourceContext context) throws ResourceFailure {
        var properties = context.properties();
        var point = Path.of(properties.text("mountPoint"));
        if (!point.isAbsolute() || !point.equals(point.normalize()) || point.getNameCount() == 0) {
            throw new ResourceFailure(
                    "opening '%s': mountPoint '%s' is not the plain full path of a folder below the root. Write it like /srv/data"
                            .formatted(context.resource(), point));
        }
        return new Target(
                context.resource(),
                properties.text("device"),
                point,
                properties.text("fsType"),
                properties.list("options"));
    }

    /// Whether it shows a part of another mount: then its device is in use anyway.
    boolean bind() {
        return type.equals("bind") || options.contains("bind") || options.contains("rbind");
    }

    /// Whether the device is named by what is written on it, as `UUID=...` or `LABEL=...`.
    boolean tagged() {
        return TAG.matcher(device).matches();
    }

    /// The same with its device by that path, which then is what is checked and what is mounted.
    Target at(String path) {
        return new Target(resource, path, point, type, options);
    }

    /// Whether the device is named by a path of this node.
    boolean devicePath() {
        return device.startsWith("/");
    }

    List<String> mountCommand() {
        var line = new ArrayList<>(List.of("mount"));
        var all = new ArrayList<String>();
        if (type.equals("bind")) {
            all.add("bind");
        } else if (!type.isEmpty()) {
            line.addAll(List.of("-t", type));
        }
        all.addAll(options);
        if (!all.isEmpty()) {
            line.addAll(List.of("-o", String.join(",", all)));
        }
        line.addAll(List.of("--", device, point.toString()));
        return line;
    }

    String asked() {
        return "bringing '%s' online with '%s' at '%s': ".formatted(resource, Secrets.hidden(device), point);
    }
}
