# Read by the scripts beside it: where PostgreSQL's programs and data are, and as whom they run.
# Set PGDATA or PG_PORT in the environment of a resource to override them.

programs=
for candidate in /usr/lib/postgresql/*/bin; do
    if [ -x "$candidate/postgres" ]; then
        programs=$candidate # the last one is the newest
    fi
done
if [ -z "$programs" ]; then
    echo "PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/postgres. Install it: apt-get install postgresql"
    exit 1
fi

port=${PG_PORT:-5433}
if [ "$(id -u)" = 0 ]; then
    # the server refuses to run as root
    data=${PGDATA:-/var/lib/postgresql/mainstay}
    as_owner="setpriv --reuid=postgres --regid=postgres --init-groups"
else
    data=${PGDATA:-$HOME/.local/share/mainstay-postgresql}
    as_owner=
fi
