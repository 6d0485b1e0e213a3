package dev.mainstay.monitor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/// An OCF agent written for a test: `test:played` below a root of its own.
///
/// @param directory the folder of the resource; its actions run there
record PlayedActions(Path root, Path directory) {
    private static final String NAME = "test:played";

    private static final String AGENT = """
            #!/bin/sh
            if [ "$1" = meta-data ]; then
                echo asked >>"$OCF_ROOT/asked"
                echo 'a word to the log' >&2
                cat <<'END'
            <?xml version="1.0"?>
            <!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
            <resource-agent name="played" version="1.0">
            <version>1.1</version>
            <parameters>
            <parameter name="port" required="0"><content type="integer" default="80"/></parameter>
            <parameter name="verbose"><content type="boolean" default="false"/></parameter>
            <parameter name="dampen"><content type="integer" default="5s"/></parameter>
            <parameter name="needed" required="1"><shortdesc lang="en">what is needed</shortdesc>
                <content type="string"/></parameter>
            </parameters>
            <actions>
            <action name="start" timeout="90s"/>
            <action name="stop" timeout="100"/>
            <action name="monitor" depth="0" timeout="30s" interval="10s"/>
            <action name="monitor" depth="10" timeout="40s" interval="60s"/>
            <action name="monitor" depth="20" timeout="1min" interval="60s"/>
            <action name="meta-data" timeout="5s"/>
            </actions>
            </resource-agent>
            END
                exit 0
            fi
            echo "$1 $OCF_CHECK_LEVEL" >>calls
            why() { echo "ocf-exit-reason:$1" >&2; exit "$2"; }
            """;

    /// What it does unless a test says something else: a note in a file is all it runs.
    static final String SIMPLE = """
            case $1 in
            start) touch runs ;;
            stop) rm -f runs ;;
            monitor) [ -e runs ] || exit 7 ;;
            validate-all) ;;
            *) exit 3 ;;
            esac
            """;

    /// @param text a shell's answer to the actions
    PlayedActions plays(String text) throws IOException {
        var file = file();
        Files.createDirectories(file.getParent());
        Files.writeString(file, AGENT + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    Path file() {
        return root.resolve("resource.d/test/played");
    }

    /// The properties of a resource of it.
    Map<String, Object> with(Map<String, Object> more) {
        var set = new HashMap<String, Object>(Map.of(
                "agent", NAME,
                "root", root.toString(),
                "runFolder", directory.resolve("run").toString(),
                "parameters", Map.of("needed", "it")));
        set.putAll(more);
        return set;
    }
}
