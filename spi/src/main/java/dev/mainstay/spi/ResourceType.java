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

    /// Prepares the type in this monitor, before the first open: chooses the version of this contract that the two
    /// will speak, within [TypeContext#oldestVersion] and [TypeContext#newestVersion].
    ///
    /// **Order:** once for each type and monitor; nothing else of the type runs meanwhile.
    /// **Errors:** [ResourceFailure], or a version outside the range, means that the type is not used here.
    ///
    /// @return the version chosen; a type that says nothing speaks version 1
    default int startup(TypeContext context) throws ResourceFailure {
        return 1;
    }

    /// Opens one instance, which is offline unless [ResourceContext#recovered] says what may still be running.
    ///
    /// With a recovered record the type re-attaches to what the record proves to be alive and otherwise makes
    /// sure
    /// that nothing of the resource runs on this node.
    ///
    /// **Errors:** [ResourceFailure] means that the instance cannot be used; it counts as a failure to come
    /// online.
    EntryPoints open(ResourceContext context) throws ResourceFailure;

    /// Answers a control that is addressed to the type; the standard ones are in [Controls].
    ///
    /// **Threads:** as [EntryPoints#looksAlive] of any resource of the type; never beside [#open].
    /// **Errors:** [ResourceFailure] is the answer to whoever asked; the type goes on.
    default ControlAnswer resourceTypeControl(ControlRequest request) throws ResourceFailure {
        return ControlAnswer.notSupported();
    }
}
