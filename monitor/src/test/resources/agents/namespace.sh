# Runs one subject in namespaces of its own: namespace.sh FOLDER SUBJECT PROGRAM [ARGUMENT...]
#
# SUBJECT prepares what its agent needs and tells the agent's parameters; then PROGRAM runs. Both work in FOLDER, which
# is $WORK to them. The shell stays, as the first process of its namespace, and collects what others leave. Whatever
# is written to /etc, /var and /run is gone with it.
set -e
WORK=/mnt
mount --bind "$1" "$WORK"
chmod 755 "$WORK"
cd "$WORK"
subject=$2
shift 2

mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p -m 1755 /run/resource-agents
for folder in etc var; do
    mkdir -p "/run/overlay/$folder.new" "/run/overlay/$folder.work"
    mount -t overlay -o "lowerdir=/$folder,upperdir=/run/overlay/$folder.new,workdir=/run/overlay/$folder.work" \
        overlay "/$folder"
done

ip link set lo up
ip link add v0 type veth peer name v1
ip link set v0 up
ip link set v1 up
ip addr add 192.0.2.1/24 dev v0
ip -6 addr add fd00:77::1/64 dev v0 nodad

# parameter NAME=VALUE...: what the agent is told
: >parameters
parameter() {
    printf '%s\n' "$@" >>parameters
}
export HA_RSCTMP=/run/resource-agents
. "$subject"

code=0
"$@" || code=$?
exit $code
