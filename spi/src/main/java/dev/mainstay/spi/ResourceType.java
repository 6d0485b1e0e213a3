package dev.mainstay.spi;

/// The kind of a resource: describes itself as data and opens instances.
///
/// Found by `ServiceLoader`; needs a public constructor without parameters that does nothing.
///
/// **Threads:** [#describe] and [#open] are called by the monitor, never two calls of one type at a time.
/// **Time:** both should return within 300 ms; the limit is the type's `deadlockTimeout`.
/// **Source:** ADR 0004.
public interface ResourceType {
    /// Describes name, properties, defaults and abilities; returns the same value at every call.
    TypeDescription describe();

    /// Opens one instance, which is offline unless [ResourceContext#recovered] says what may still be running.
    ///
    /// With a recovered record the type re-attaches to what the record proves to be alive and otherwise makes
    /// sure
    /// that nothing of the resource runs on this node.
    ///
    /// **Errors:** [ResourceFailure] means that the instance cannot be used; it counts as a failure to come
    /// online.
    EntryPoints open(ResourceContext context) throws ResourceFailure;
}
