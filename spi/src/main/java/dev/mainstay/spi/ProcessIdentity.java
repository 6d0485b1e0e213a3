package dev.mainstay.spi;

/// A process that cannot be mistaken for another: a pid alone is reused.
///
/// @param pid the process id
/// @param startTicks start time in clock ticks since boot, field 22 of `/proc/PID/stat`
/// @param bootId the boot of this machine, from `/proc/sys/kernel/random/boot_id`
public record ProcessIdentity(long pid, long startTicks, String bootId) {}
