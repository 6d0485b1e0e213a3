#!/bin/sh
# Becomes a docker daemon of its own: called in new namespaces, with the folder that is all it may write to, and
# the one below which its programs are.
set -eu
mkdir "$1/tmp"
export PATH="$2/usr/sbin:$2/usr/bin:$PATH" TMPDIR="$1/tmp"
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t tmpfs tmpfs /run
cp -a /etc /run/etc
mount --bind /run/etc /etc
umount -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# A group with processes of its own cannot hand its controllers down to those of the containers.
mkdir /sys/fs/cgroup/daemon
echo $$ >/sys/fs/cgroup/daemon/cgroup.procs
mount -o remount,bind,ro /
ip link set lo up
cd "$1"
exec dockerd --host "unix://$1/docker.sock" --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/docker.pid" \
    --storage-driver vfs --exec-opt native.cgroupdriver=cgroupfs --log-level warn \
    --bridge none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --userland-proxy=false
