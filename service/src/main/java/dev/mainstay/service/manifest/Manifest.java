package dev.mainstay.service.manifest;

import java.util.List;

/// A manifest without mistakes.
///
/// @param cluster the name it gives the cluster, or empty
/// @param groups in the order of the file
public record Manifest(String cluster, List<ManifestGroup> groups) {
    /// Copies the list.
    public Manifest {
        groups = List.copyOf(groups);
    }
}
