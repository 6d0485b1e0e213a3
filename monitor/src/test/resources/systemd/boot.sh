#!/bin/sh
# Becomes a systemd of its own: called in new namespaces, with the folder it shares with the test. It must not see
# the machine's own units: those would empty /tmp, for example.
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/lock /run/systemd/system
mount --bind "$1/nothing" /lib/systemd/system-generators
mount --bind "$1/journald.conf" /etc/systemd/journald.conf
umount -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -o remount,bind,ro /
export container=mainstay-test SYSTEMD_UNIT_PATH="$1/units:$1/drop-ins:/run/systemd/system"
exec /lib/systemd/systemd --system --unit=basic.target --log-level=notice --log-target=console --show-status=no
