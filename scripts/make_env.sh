#!/usr/bin/env bash
# Makes .venv from the lock: Python's venv, then uv fetched into it, then every dependency with its hash.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

venv_works() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }

# The system's own comes first: it was compiled with optimisation, as few are that somebody built, and takes a tenth less time.
find_python() {
    local name found=""
    for name in ${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null && new_enough "$name"; then
            found="${found:-$name}"
            if venv_works "$name"; then
                command -v "$name"
                return
            fi
        fi
    done
    [ -z "$found" ] || { command -v "$found" && return; }
    say "Jaabi needs Python 3.11 or newer: please install it, or name it with PYTHON=/path/to/python3."
    return 1
}

install_venv() {
    local package="python3-venv" numbered
    numbered="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $package, which this Python lacks."
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >&2 </dev/null
        apt-get install -y -qq "$package" >&2 </dev/null
        venv_works "$1" || apt-get install -y -qq "$numbered" >&2 </dev/null
    fi
    venv_works "$1" && return
    say "This Python has no venv module: please install it (on Debian and Ubuntu: sudo apt install $package), then run make again."
    return 1
}

python="$(find_python)"
[ -x .venv/bin/python ] && new_enough .venv/bin/python || {
    venv_works "$python" || install_venv "$python"
    say "Making the environment in .venv with $python."
    "$python" -m venv --clear .venv
}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
[ -n "${HOME:-}" ] || export UV_CACHE_DIR="$PWD/.venv/.cache" PIP_NO_CACHE_DIR=1
.venv/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt </dev/null
sync() {
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode "$@" requirements/dev.txt </dev/null
}
# Behind a proxy that signs anew, only the machine's own certificates are right; a bare machine has none.
sync || sync --system-certs
say "The environment is ready."
