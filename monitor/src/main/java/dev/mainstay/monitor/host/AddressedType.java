package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.TypeDescription;
import java.util.Optional;

/// A type as somebody a control is addressed to; it is started up first, if need be.
record AddressedType(HostedType type, Hosting hosting, Caller caller) implements ControlsUnderWay.Addressed {
    AddressedType(HostedType type, Hosting hosting) {
        this(type, hosting, Caller.ofType(hosting, type));
    }

    @Override
    public Optional<TypeDescription> description() {
        return Optional.of(type.description());
    }

    @Override
    public void ask(ControlCall call) {
        try {
            type.asking(hosting);
        } catch (ResourceFailure e) {
            call.fail(Words.of(e));
            return;
        }
        try {
            call.run(
                    EntryPoint.TYPE_CONTROL,
                    type.type()::resourceTypeControl,
                    () -> DefaultProcessing.ofType(call.code(), call.input(), type.description(), type.version()));
        } finally {
            type.asked();
        }
    }
}
