package dev.mainstay.core.state;

import java.time.Duration;

/// A resource type as the cluster knows it.
///
/// @param name its name
/// @param version the type's own version
/// @param pendingTimeout its default
public record RegisteredType(TypeName name, String version, Duration pendingTimeout) {}
