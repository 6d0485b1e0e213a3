package dev.mainstay.types.container;

import dev.mainstay.spi.ResourceFailure;

/// What an engine says of one container.
///
/// @param pid its first process as this machine counts, 0 when it does not run
/// @param restarts the engine's own restart policy
/// @param owner who made it: the resource's folder, which no other resource of this machine has
record Container(
        String id, boolean running, long pid, int exitCode, boolean outOfMemory, String restarts, String owner) {
    static final String LABEL = "dev.mainstay.resource";
    private static final int FIELDS = 8;

    static Container of(String line) throws ResourceFailure {
        var fields = line.split("\t", -1);
        try {
            if (fields.length == FIELDS) {
                return new Container(
                        fields[1],
                        Boolean.parseBoolean(fields[2]),
                        Long.parseLong(fields[3]),
                        Integer.parseInt(fields[4]),
                        Boolean.parseBoolean(fields[5]),
                        fields[6],
                        fields[7].strip());
            }
        } catch (NumberFormatException notNumber) {
            throw notUnderstood(line, notNumber);
        }
        throw notUnderstood(line, new IllegalArgumentException("%d fields expected".formatted(FIELDS)));
    }

    private static ResourceFailure notUnderstood(String line, Exception cause) {
        return new ResourceFailure(
                "reading the engine's answer '%s': %s. Is this podman 4 or docker 20 at least?"
                        .formatted(line, cause.getMessage()),
                cause);
    }

    String ended() {
        return "ended with exit code %d%s".formatted(exitCode, outOfMemory ? ", killed for want of memory" : "");
    }

    boolean restartsByItself() {
        return !restarts.isEmpty() && !restarts.equals("no");
    }
}
