package dev.mainstay.types.filesystem;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.NodePath;
import dev.mainstay.types.node.Secrets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What is to be mounted where, as the operator wrote it.
///
/// @param type the file system's type; empty when mount(8) shall find it
record Target(String resource, String device, Path point, String type, List<String> options) {
    private static final Pattern TAG = Pattern.compile("(UUID|LABEL|PARTUUID|PARTLABEL|ID)=.+");

    private static final String LABEL = "LABEL=";
    /// **Source:** mkfs.ext4(8), mkfs.xfs(8), mkfs.fat(8), mkfs.btrfs(8).
    private static final Map<String, Integer> LABEL_BYTES =
            Map.of("ext2", 16, "ext3", 16, "ext4", 16, "xfs", 12, "vfat", 11, "msdos", 11);

    private static final int LABEL_BYTES_MAX = 255;
    private static final int OPTIONS_MAX = 4095;
    private static final int SHOWN = 60;
    /// What the kernel cannot mount without a program that asks a server first.
    private static final Set<String> NEED_HELPER =
            Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "davfs", "fuse");

    private static final List<Path> HELPERS = List.of(
            Path.of("/sbin"), Path.of("/usr/sbin"), Path.of("/bin"), Path.of("/usr/bin"), Path.of("/usr/local/sbin"));

    Target {
        options = List.copyOf(options);
    }

    static Target of(String resource, Properties properties) throws ResourceFailure {
        var point = NodePath.full(resource, "mountPoint", properties.text("mountPoint"));
        if (!point.equals(point.normalize()) || point.getNameCount() == 0) {
            throw new LastingFailure(
                    "opening '%s': mountPoint '%s' is not the plain full path of a folder below the root. Write it like /srv/data"
                            .formatted(resource, point));
        }
        var device = properties.text("device");
        var type = properties.text("fsType");
        checkLabel(resource, device, type);
        var options = properties.list("options");
        if (bytes(String.join(",", options)) > OPTIONS_MAX) {
            throw new LastingFailure(
                    "opening '%s': options are longer together than the %d bytes of mount(2). Shorten them"
                            .formatted(resource, OPTIONS_MAX));
        }
        return new Target(resource, device, point, type, options);
    }

    private static void checkLabel(String resource, String device, String type) throws LastingFailure {
        var longest = LABEL_BYTES.getOrDefault(type, LABEL_BYTES_MAX);
        var label = device.startsWith(LABEL) ? device.substring(LABEL.length()) : "";
        if (bytes(label) > longest) {
            throw new LastingFailure(
                    "opening '%s': label '%s' is %d bytes long, and a file system%s keeps %d. Name the device by another way"
                            .formatted(
                                    resource,
                                    label.length() > SHOWN ? label.substring(0, SHOWN) + "..." : label,
                                    bytes(label),
                                    type.isEmpty() ? "" : " of type '" + type + "'",
                                    longest));
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Refuses a type that only a program of its own mounts when this node has none.
    void checkHelper() throws LastingFailure {
        var helper = "mount." + type.replaceFirst("\\..*", "");
        var needed = NEED_HELPER.contains(type) || type.startsWith("fuse.");
        if (needed && HELPERS.stream().noneMatch(folder -> Files.exists(folder.resolve(helper)))) {
            throw LastingFailure.here(
                    "file systems of type '%s' are mounted by '%s', which is not on this node. Install it on every possible owner"
                            .formatted(type, helper));
        }
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
