package dev.mainstay.protocol;

/// Anything that travels between a cluster service and a resource monitor.
public sealed interface Message permits ToMonitor, ToService {}
