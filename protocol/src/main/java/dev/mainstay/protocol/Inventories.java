package dev.mainstay.protocol;

import java.util.ArrayList;
import java.util.List;

/// Inventories in parts, so that none is too large for a frame, however many resources a monitor hosts.
public final class Inventories {
    private Inventories() {}

    /// The messages that tell an inventory, in their order.
    ///
    /// @param limitBytes of one part; a part may go over it by its last element
    public static List<ToService> parts(ToService.Inventory whole, int limitBytes) {
        if (bytes(ToService.class, whole) <= limitBytes) {
            return List.of(whole);
        }
        var parts = new ArrayList<ToService>();
        for (var types : split(TypeSpec.class, whole.types(), limitBytes)) {
            parts.add(new ToService.InventoryPart(types, List.of(), List.of()));
        }
        for (var held : split(HeldResource.class, whole.held(), limitBytes)) {
            parts.add(new ToService.InventoryPart(List.of(), held, List.of()));
        }
        for (var refused : split(String.class, whole.refused(), limitBytes)) {
            parts.add(new ToService.InventoryPart(List.of(), List.of(), refused));
        }
        parts.add(new ToService.Inventory(List.of(), List.of(), List.of()));
        return parts;
    }

    private static <T> List<List<T>> split(Class<T> kind, List<T> all, int limitBytes) {
        var parts = new ArrayList<List<T>>();
        var part = new ArrayList<T>();
        int size = 0;
        for (var one : all) {
            part.add(one);
            size += bytes(kind, one);
            if (size >= limitBytes) {
                parts.add(List.copyOf(part));
                part.clear();
                size = 0;
            }
        }
        if (!part.isEmpty()) {
            parts.add(List.copyOf(part));
        }
        return parts;
    }

    private static int bytes(Class<?> kind, Object value) {
        var out = new WireOutput(256);
        WireForm.of(kind).write(out, value);
        return out.size();
    }
}
