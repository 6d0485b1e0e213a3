/// Manifests: groups and resources as YAML, checked, compared with what is, and turned into changes.
///
/// Decided here: what may be written in a manifest and how a mistake is explained. Not decided here: whether
/// the cluster accepts a change.
@NullMarked
package dev.mainstay.service.manifest;

import org.jspecify.annotations.NullMarked;
