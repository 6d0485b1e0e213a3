/// The resource type `systemd`: a unit, started, watched and stopped over D-Bus.
///
/// Decided here: what online and alive mean for a unit, and how others are kept from starting it. Not decided
/// here: how the unit's processes are run and ended (systemd). Nothing of the D-Bus library is loaded before the
/// first resource of the type is opened.
@NullMarked
package dev.mainstay.types.systemd;

import org.jspecify.annotations.NullMarked;
