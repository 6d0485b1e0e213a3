package dev.mainstay.types.systemd;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/// What is asked of systemd's manager, by the names of the bus; public, because the library makes the proxy of it.
///
/// **Errors:** `DBusExecutionException` with systemd's words.
/// **Source:** org.freedesktop.systemd1(5).
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
@SuppressWarnings({"MethodName", "checkstyle:MethodName"})
public interface Systemd extends DBusInterface {
    /// The bus name of every manager.
    String NAME = "org.freedesktop.systemd1";

    /// The object of every manager.
    String PATH = "/org/freedesktop/systemd1";

    /// Makes the manager tell of changes.
    void Subscribe();

    /// Loads a unit, also one that has no file; answers its object.
    DBusPath LoadUnit(String name);

    /// Puts a start job into the queue and answers it.
    DBusPath StartUnit(String name, String mode);

    /// Puts a stop job into the queue and answers it.
    DBusPath StopUnit(String name, String mode);

    /// Sends a signal to processes of a unit.
    void KillUnit(String name, String whom, int signal);

    /// Forgets that the unit failed.
    void ResetFailedUnit(String name);

    /// Reads all unit files again; returns when that is done.
    void Reload();

    /// The files of units whose names match the patterns, in any of the states (none: in all).
    List<UnitFile> ListUnitFilesByPatterns(List<String> states, List<String> patterns);

    /// A file of a unit.
    final class UnitFile extends Struct {
        /// Where it is.
        @Position(0)
        public final String path;

        /// Whether it is enabled, static and so on.
        @Position(1)
        public final String state;

        /// As the library makes it from a message.
        public UnitFile(String path, String state) {
            this.path = path;
            this.state = state;
        }
    }

    /// A job is over.
    class JobRemoved extends DBusSignal {
        /// The job.
        public final DBusPath job;

        /// The unit the job was for.
        public final String unit;

        /// How it ended: done, canceled, timeout, failed, dependency, skipped, assert and more.
        public final String result;

        /// As the library makes it from a message.
        public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result) throws DBusException {
            super(path, id, job, unit, result);
            this.job = job;
            this.unit = unit;
            this.result = result;
        }
    }
}
