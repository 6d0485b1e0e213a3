package dev.mainstay.spi;

import java.util.List;

/// What proves that a running entity belongs to a resource, so that a new monitor can adopt it.
///
/// @param processes the processes that are the resource, main process first
/// @param controlGroup the control group that holds them, or empty where there is none
/// @param own whatever else the type wants back
public record AdoptionRecord(List<ProcessIdentity> processes, String controlGroup, String own) {
    /// Copies the list.
    public AdoptionRecord {
        processes = List.copyOf(processes);
    }
}
