#!/bin/sh
# Whether the server answers a query. Uses the socket in the data directory.
. "$(dirname "$0")/settings.sh"

cd "$data" || exit 1
# shellcheck disable=SC2086 # several words on purpose
exec $as_owner "$programs/psql" --no-psqlrc --quiet --tuples-only --host="$data" --port="$port" --dbname=postgres \
    --command='select 1'
