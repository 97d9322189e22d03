#!/usr/bin/env bash
# Writes requirements/*.txt from pyproject.toml: every file pinned with hashes, none naming a registry.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header "$@" >/dev/null
}

compile pyproject.toml --extra dev -o requirements/dev.txt "$@"
compile pyproject.toml -c requirements/dev.txt -o requirements/base.txt "$@"
compile pyproject.toml --extra pdf -c requirements/dev.txt -o requirements/pdf.txt "$@"
compile pyproject.toml --extra sentry -c requirements/dev.txt -o requirements/sentry.txt "$@"
echo uv | compile - -o requirements/uv.txt "$@"
echo cyclonedx-bom | compile - -o requirements/sbom.txt "$@"

if grep -nE '://|^--(index|extra-index|find-links)' requirements/*.txt; then
    echo "A lock file names an address." >&2
    exit 1
fi
