#!/usr/bin/env bash
# Prints the path of PgBouncer: the system's, else the one that it installs where it may.
set -euo pipefail

find_pooler() { PATH="$PATH:/usr/sbin:/sbin" command -v pgbouncer; }

find_pooler && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf 'No PgBouncer found: installing the distribution'\''s package.\n' >&2
    export DEBIAN_FRONTEND=noninteractive
    # only the program is wanted: nothing is started
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends pgbouncer; } >&2 </dev/null || true
    find_pooler && exit
fi
printf 'The tests of a pooler need PgBouncer (on Debian: sudo apt install pgbouncer); they are left out.\n' >&2
exit 1
