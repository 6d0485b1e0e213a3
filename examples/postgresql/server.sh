#!/bin/sh
# Resource 'server': becomes the server, which stays in the foreground. SIGINT is its fast shutdown.
. "$(dirname "$0")/settings.sh"

cd "$data" || exit 1
# shellcheck disable=SC2086 # several words on purpose
exec $as_owner "$programs/postgres" -D "$data" -c listen_addresses=127.0.0.1 -c port="$port" \
    -c unix_socket_directories="$data"
