package dev.mainstay.service.manifest;

import dev.mainstay.core.state.TypeSettings;
import java.util.List;

/// A manifest without mistakes.
///
/// @param cluster the name it gives the cluster, or empty
/// @param types settings of types, in the order of the file
/// @param groups in the order of the file
public record Manifest(String cluster, List<TypeSettings> types, List<ManifestGroup> groups) {
    /// Copies the lists.
    public Manifest {
        types = List.copyOf(types);
        groups = List.copyOf(groups);
    }
}
