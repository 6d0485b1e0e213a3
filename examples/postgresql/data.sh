#!/bin/sh
# Resource 'data': the data directory. Verbs as the resource type 'script' calls them.
. "$(dirname "$0")/settings.sh"

case "$1" in
online)
    if [ -f "$data/PG_VERSION" ]; then
        exit 0
    fi
    # made aside and renamed, so that an interrupted initdb is never taken for a data directory
    rm -rf "$data.new"
    if [ "$(id -u)" = 0 ]; then
        install -d -o postgres -g postgres -m 700 "$data.new" || exit 1
    else
        mkdir -p "$data.new" && chmod 700 "$data.new" || exit 1
    fi
    cd "$data.new" || exit 1
    $as_owner "$programs/initdb" --pgdata="$data.new" --encoding=UTF8 --locale=C.UTF-8 --auth=trust || exit 1
    # an empty folder made beforehand may stay; anything else is not ours to remove
    if [ -d "$data" ] && ! rmdir "$data"; then
        echo "$data is not empty and is no data directory of PostgreSQL. Move it away."
        exit 1
    fi
    mv "$data.new" "$data"
    ;;
looksalive | isalive)
    if [ ! -f "$data/PG_VERSION" ]; then
        echo "$data/PG_VERSION is gone"
        exit 1
    fi
    ;;
*)
    exit 3
    ;;
esac
