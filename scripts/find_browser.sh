#!/usr/bin/env bash
# Prints the path of a Chromium that runs: the one named in JAABI_BROWSER, the system's, else one it installs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }

# Some distributions ship a stub in place of the browser, so that only running it tells.
runs() { "$1" --version </dev/null >/dev/null 2>&1; }

find_browser() {
    local name path
    for name in ${JAABI_BROWSER:-} chromium chromium-browser google-chrome google-chrome-stable; do
        if path="$(command -v "$name")" && runs "$path"; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

install_package() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "No Chromium found: installing the distribution's package."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 </dev/null && apt-get install -y -qq chromium >&2 </dev/null
}

playwright_path() {
    .venv/bin/python -c 'from playwright.sync_api import sync_playwright
with sync_playwright() as p: print(p.chromium.executable_path)'
}

install_with_playwright() {
    local path
    say "No Chromium found: fetching the one of Playwright."
    .venv/bin/python -m playwright install chromium >&2 </dev/null || return 1
    path="$(playwright_path)" && runs "$path" && printf '%s\n' "$path"
}

find_browser && exit
if install_package; then find_browser && exit; fi
install_with_playwright && exit
say "The browser tests need Chromium: please install it (on Debian: sudo apt install chromium), or name it with JAABI_BROWSER=/path/to/chromium."
exit 1
